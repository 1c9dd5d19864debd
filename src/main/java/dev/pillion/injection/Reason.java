package dev.pillion.injection;

/**
 * Why something was decided.
 *
 * @param message a sentence for a person: which annotation or field, what is wrong, what would be right
 */
public record Reason(Code code, String message) {}
