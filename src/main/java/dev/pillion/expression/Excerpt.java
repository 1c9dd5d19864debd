package dev.pillion.expression;

/** What a message repeats of a text that may come from anyone and be of any length. */
public final class Excerpt {

    private static final int LENGTH = 100;

    private Excerpt() {}

    /** The text, or its first 100 characters and an ellipsis. */
    public static String of(String text) {
        return text.length() <= LENGTH ? text : text.substring(0, LENGTH) + "…";
    }
}
