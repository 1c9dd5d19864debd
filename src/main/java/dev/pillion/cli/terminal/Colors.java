package dev.pillion.cli.terminal;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/** The colours of a terminal; plain text where the output is none. */
public record Colors(boolean colourful) {

    /** What a piece of text is, from which follows how it looks. */
    public enum Ink {
        PLAIN,
        TITLE(Style.bold),
        NAME(Style.bold, Style.fg_cyan),
        GOOD(Style.fg_green),
        BAD(Style.bold, Style.fg_red),
        WARNING(Style.fg_yellow),
        FAINT(Style.faint);

        private final String on;

        Ink(IStyle... styles) {
            this.on = Style.on(styles);
        }
    }

    public static Colors on(Ansi ansi) {
        return new Colors(ansi.enabled());
    }

    /** Ends with a reset: many terminals take picocli's end of bold for a double underline. */
    public String in(Ink ink, String text) {
        boolean plain = !colourful || ink == Ink.PLAIN || text.isEmpty();
        return plain ? text : ink.on + text + Style.reset.on();
    }
}
