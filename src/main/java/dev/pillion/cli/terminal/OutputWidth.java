package dev.pillion.cli.terminal;

import java.util.Optional;

/** The width of the lines that commands print, in characters. */
public final class OutputWidth {

    /** Used if there is no terminal. */
    public static final int DEFAULT = 100;

    private static final int NARROWEST = 60;

    /** Longer lines are hard to read. */
    private static final int WIDEST = 120;

    private OutputWidth() {}

    /** @param columns the width of the terminal, as the environment variable {@code COLUMNS} has it */
    public static int of(Optional<String> columns) {
        return columns.filter(text -> text.matches("[1-9][0-9]{0,4}"))
                .map(text -> Math.clamp(Integer.parseInt(text), NARROWEST, WIDEST))
                .orElse(DEFAULT);
    }
}
