package dev.pillion.cli.explain;

import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.Colors;
import dev.pillion.cli.terminal.Colors.TextStyle;
import dev.pillion.cli.terminal.Table;
import dev.pillion.cli.terminal.Table.Cell;
import java.io.PrintWriter;

/** Prints indented lines and tables that fit the width of the output. */
record IndentedText(PrintWriter out, Colors colors, int width) {

    static final String INDENT = "  ";
    private static final int WIDEST_VALUE = 44;

    static IndentedText of(StandardOptions standard) {
        return new IndentedText(standard.out(), standard.colors(), standard.width());
    }

    Table table(String indent) {
        return new Table(indent, width, WIDEST_VALUE);
    }

    void print(Table table) {
        table.print(out, colors);
    }

    /** Prints a text, which continues in further lines if it is long. */
    void line(String text, TextStyle style, String indent) {
        print(table(indent).row(new Cell(text, style)));
    }
}
