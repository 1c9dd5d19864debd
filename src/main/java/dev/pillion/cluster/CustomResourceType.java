package dev.pillion.cluster;

/** A type that {@link ApiDiscovery} found, such as {@code rollouts.argoproj.io}. */
record CustomResourceType(String apiVersion, String kind, String plural) implements ApiResource {}
