package dev.pillion.cli.terminal;

import dev.pillion.cli.terminal.Colors.Ink;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.text.WordUtils;

/** Rows whose columns line up. A cell that is too long goes on in the next line, below itself. */
public final class Table {

    private static final int WIDTH = 100;
    private static final int NARROWEST = 20;
    private static final String GAP = "  ";

    private final String indent;
    private final int width;
    private final int widestCell;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** @param text on one line */
    public record Cell(String text, Ink ink) {

        public static Cell of(String text) {
            return new Cell(text, Ink.PLAIN);
        }
    }

    /** @param widestCell of all columns but the last, which has what is left of the line */
    public Table(String indent, int widestCell) {
        this(indent, WIDTH, widestCell);
    }

    private Table(String indent, int width, int widestCell) {
        this.indent = indent;
        this.width = width;
        this.widestCell = widestCell;
    }

    /** A table that has one line for each row, however long, so that other programs can search it. */
    public static Table ofLongLines() {
        return new Table("", Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    public Table row(Cell... cells) {
        rows.add(Arrays.stream(cells)
                .map(cell -> new Cell(Printable.oneLine(cell.text()), cell.ink()))
                .toList());
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    public void print(PrintWriter out, Colors paint) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        List<Integer> widths = new ArrayList<>();
        int taken = indent.length();
        for (int column = 0; column < columns; column++) {
            int most = column < columns - 1 ? widestCell : Math.max(NARROWEST, width - taken);
            int widest = widest(column, most);
            widths.add(widest);
            taken += widest + GAP.length();
        }
        rows.forEach(row -> print(row, widths, out, paint));
    }

    /** The width of a column's longest line, once cells that have more than this are wrapped. */
    private int widest(int column, int most) {
        return rows.stream()
                .filter(row -> row.size() > column)
                .flatMap(row -> wrapped(row.get(column).text(), most).stream())
                .mapToInt(String::length)
                .max()
                .orElse(0);
    }

    private void print(List<Cell> row, List<Integer> widths, PrintWriter out, Colors paint) {
        List<List<String>> cells = new ArrayList<>();
        for (int column = 0; column < row.size(); column++) {
            cells.add(wrapped(row.get(column).text(), widths.get(column)));
        }
        int height = cells.stream().mapToInt(List::size).max().orElse(0);
        for (int line = 0; line < height; line++) {
            StringBuilder text = new StringBuilder(indent);
            int missing = 0;
            for (int column = 0; column < row.size(); column++) {
                List<String> cell = cells.get(column);
                String part = line < cell.size() ? cell.get(line) : "";
                if (!part.isEmpty()) {
                    text.append(" ".repeat(missing))
                            .append(paint.in(row.get(column).ink(), part));
                    missing = 0;
                }
                missing += widths.get(column) - part.length() + GAP.length();
            }
            out.println(text);
        }
    }

    private static List<String> wrapped(String text, int width) {
        return text.length() <= width
                ? List.of(text)
                : WordUtils.wrap(text, width, "\n", true).lines().toList();
    }
}
