package dev.pillion.cli.terminal;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/** Writes text in the colors of a terminal, or plain text if the output is no terminal. */
public record Colors(boolean enabled) {

    /** The meaning of a piece of text, which decides its color. */
    public enum TextStyle {
        PLAIN,
        TITLE(Style.bold),
        NAME(Style.bold, Style.fg_cyan),
        GOOD(Style.fg_green),
        BAD(Style.bold, Style.fg_red),
        WARNING(Style.fg_yellow),
        FAINT(Style.faint);

        private final String on;

        TextStyle(IStyle... styles) {
            this.on = Style.on(styles);
        }
    }

    public static Colors on(Ansi ansi) {
        return new Colors(ansi.enabled());
    }

    /** The text in a style. It ends with a reset, because many terminals read picocli's end of bold as a double underline. */
    public String in(TextStyle style, String text) {
        boolean plain = !enabled || style == TextStyle.PLAIN || text.isEmpty();
        return plain ? text : style.on + text + Style.reset.on();
    }
}
