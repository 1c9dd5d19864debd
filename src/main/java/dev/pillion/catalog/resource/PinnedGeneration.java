package dev.pillion.catalog.resource;

/** A generation of a profile that an annotation or a policy pins, whether or not the profile has it. */
public record PinnedGeneration(String profile, String generation) {}
