package dev.pillion.expression;

import java.util.regex.Pattern;

/** What a message repeats of a text that may come from anyone and be of any length. */
public final class Excerpt {

    private static final int LENGTH = 100;

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");

    private Excerpt() {}

    /** The text, or its first 100 characters and an ellipsis. */
    public static String of(String text) {
        return of(text, LENGTH);
    }

    /** The text, or its beginning and an ellipsis, of at most so many characters and one more. A surrogate pair is never cut. */
    public static String of(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end) + "…";
    }

    /** The text with spaces for its control characters, so that it can neither end a line of a log nor command a terminal. */
    public static String visible(String text) {
        return CONTROLS.matcher(text).replaceAll(" ");
    }
}
