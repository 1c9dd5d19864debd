package dev.pillion.cli.terminal;

import dev.pillion.cli.terminal.Colors.TextStyle;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.text.WordUtils;

/**
 * Rows with aligned columns. A cell that is longer than its column continues in the next line, at a word boundary. A word that is longer
 * than its column, such as a URL or an annotation, stays whole; the columns after it start in the next line.
 */
public final class Table {

    private static final int NARROWEST_COLUMN = 12;
    private static final int NARROWEST_LAST_COLUMN = 30;
    /** A longer word, such as an expression, is broken if it does not fit. */
    private static final int LONGEST_WHOLE_WORD = 40;

    private static final String GAP = "  ";

    private final String indent;
    private final int width;
    private final int widestCell;
    private final List<List<Cell>> rows = new ArrayList<>();

    /**
     * A cell.
     *
     * @param text without line breaks
     * @param wraps whether a long text is wrapped at its spaces
     */
    public record Cell(String text, TextStyle style, boolean wraps) {

        public Cell(String text, TextStyle style) {
            this(text, style, true);
        }

        public static Cell of(String text) {
            return new Cell(text, TextStyle.PLAIN);
        }

        /** A cell whose spaces are part of a drawing or of one term. */
        public static Cell unwrapped(String text, TextStyle style) {
            return new Cell(text, style, false);
        }

        List<String> lines(int width) {
            if (!wraps || text.length() <= width) {
                return List.of(text);
            }
            int longestWord = Arrays.stream(text.split(" ", -1))
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
            boolean breakWords = longestWord > Math.max(width, LONGEST_WHOLE_WORD);
            return WordUtils.wrap(text, width, "\n", breakWords).lines().toList();
        }

        int longestLine(int width) {
            return lines(width).stream().mapToInt(String::length).max().orElse(0);
        }
    }

    /**
     * A table that fits into a width.
     *
     * @param width of the whole line, in characters
     * @param widestCell of all columns but the last, which uses the rest of the line
     */
    public Table(String indent, int width, int widestCell) {
        this.indent = indent;
        this.width = width;
        this.widestCell = widestCell;
    }

    /** A table with one line for each row, so that other programs can search it. */
    public static Table ofLongLines() {
        return new Table("", Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    public Table row(Cell... cells) {
        rows.add(Arrays.stream(cells)
                .map(cell -> new Cell(Printable.oneLine(cell.text()), cell.style(), cell.wraps()))
                .toList());
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    public void print(PrintWriter out, Colors colors) {
        List<Integer> widths = widths();
        rows.forEach(row -> print(row, widths, out, colors));
    }

    /** The width of each column. The first columns get narrower until the last one has enough space. */
    private List<Integer> widths() {
        int last = rows.stream().mapToInt(List::size).max().orElse(1) - 1;
        int needed = Math.min(NARROWEST_LAST_COLUMN, longestLine(last, width));
        int widest = widestCell;
        List<Integer> widths = widths(last, widest);
        while (widths.getLast() < needed && widest > NARROWEST_COLUMN) {
            widest--;
            widths = widths(last, widest);
        }
        return widths;
    }

    private List<Integer> widths(int last, int widest) {
        List<Integer> widths = new ArrayList<>();
        int left = width - indent.length();
        for (int column = 0; column < last; column++) {
            widths.add(Math.min(widest, longestLine(column, widest)));
            left -= widths.getLast() + GAP.length();
        }
        widths.add(Math.max(NARROWEST_COLUMN, left));
        return widths;
    }

    private int longestLine(int column, int width) {
        return rows.stream()
                .filter(row -> row.size() > column)
                .mapToInt(row -> row.get(column).longestLine(width))
                .max()
                .orElse(0);
    }

    /** Prints the cells up to one with a word that is longer than its column, then those after it. */
    private void print(List<Cell> row, List<Integer> widths, PrintWriter out, Colors colors) {
        int first = 0;
        while (first < row.size()) {
            int end = first;
            while (end < row.size() && row.get(end).longestLine(widths.get(end)) <= widths.get(end)) {
                end++;
            }
            end = Math.min(end + 1, row.size());
            print(row, first, end, widths, out, colors);
            first = end;
        }
    }

    private void print(List<Cell> row, int first, int end, List<Integer> widths, PrintWriter out, Colors colors) {
        int left = 0;
        for (int column = 0; column < first; column++) {
            left += widths.get(column) + GAP.length();
        }
        List<List<String>> cells = new ArrayList<>();
        for (int column = first; column < end; column++) {
            cells.add(row.get(column).lines(widths.get(column)));
        }
        int height = cells.stream().mapToInt(List::size).max().orElse(0);
        for (int line = 0; line < height; line++) {
            StringBuilder text = new StringBuilder(indent);
            int missing = left;
            for (int column = first; column < end; column++) {
                List<String> cell = cells.get(column - first);
                String part = line < cell.size() ? cell.get(line) : "";
                if (!part.isEmpty()) {
                    text.append(" ".repeat(missing))
                            .append(colors.in(row.get(column).style(), part));
                    missing = 0;
                }
                missing += Math.max(0, widths.get(column) - part.length()) + GAP.length();
            }
            out.println(text.toString().isBlank() ? "" : text);
        }
    }
}
