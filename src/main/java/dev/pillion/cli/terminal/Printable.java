package dev.pillion.cli.terminal;

import java.util.regex.Pattern;

/** Removes control characters from input, so that it cannot change the state of the terminal. */
public final class Printable {

    private static final Pattern CONTROLS =
            Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]+");

    private Printable() {}

    /** The text on one line. A space replaces each run of control characters. */
    public static String oneLine(String text) {
        return CONTROLS.matcher(text).replaceAll(" ");
    }

    static boolean isPlain(String text) {
        return !CONTROLS.matcher(text).find();
    }
}
