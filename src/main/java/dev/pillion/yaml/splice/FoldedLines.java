package dev.pillion.yaml.splice;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a folded block scalar. A line break between two lines is a blank of the string, unless one of them starts with a blank. Lines that do
 * not change keep their text.
 */
final class FoldedLines {

    /**
     * A line that is not empty.
     *
     * @param above the empty lines above it
     * @param source the line with its indentation
     * @param start the index of its text in the string
     */
    private record Line(List<String> above, String source, String text, int start) {

        int end() {
            return start + text.length();
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private final StringBuilder string = new StringBuilder();
    private final int indentation;

    private FoldedLines(List<String> source, int indentation) {
        this.indentation = indentation;
        List<String> above = new ArrayList<>();
        for (String line : source) {
            if (line.length() <= indentation) {
                above.add(line);
            } else {
                add(line, List.copyOf(above));
                above.clear();
            }
        }
    }

    private void add(String line, List<String> above) {
        String text = line.substring(indentation);
        if (lines.isEmpty()) {
            string.append("\n".repeat(above.size()));
        } else {
            boolean spaced = isSpaced(lines.getLast().text()) || isSpaced(text);
            string.append(above.isEmpty() && !spaced ? " " : "\n".repeat(above.size() + (spaced ? 1 : 0)));
        }
        lines.add(new Line(above, line, text, string.length()));
        string.append(text);
    }

    /** @param string the string of these lines, without line breaks at its end; the header may give an indentation, so it shows which one is right */
    private static FoldedLines of(List<String> source, String string) throws UnsupportedTextException {
        String first =
                source.stream().filter(line -> !line.isBlank()).findFirst().orElse("");
        for (int indentation = first.length() - first.stripLeading().length(); indentation > 0; indentation--) {
            FoldedLines lines = new FoldedLines(source, indentation);
            if (lines.string.toString().equals(string)) {
                return lines;
            }
        }
        throw new UnsupportedTextException("a block scalar that changes");
    }

    /**
     * The lines of another string.
     *
     * @param from the string of these lines, without line breaks at its end
     * @param to not empty, without line breaks at its end
     */
    static List<String> changed(List<String> source, String from, String to) throws UnsupportedTextException {
        FoldedLines before = of(source, from);
        List<String> changed = before.changed(from, to);
        if (!new FoldedLines(changed, before.indentation).string.toString().equals(to)) {
            throw new UnsupportedTextException("a block scalar that changes");
        }
        return changed;
    }

    private List<String> changed(String from, String to) {
        int shorter = Math.min(from.length(), to.length());
        int prefix = 0;
        while (prefix < shorter && from.charAt(prefix) == to.charAt(prefix)) {
            prefix++;
        }
        int suffix = 0;
        while (suffix < shorter - prefix
                && from.charAt(from.length() - 1 - suffix) == to.charAt(to.length() - 1 - suffix)) {
            suffix++;
        }
        int growth = to.length() - from.length();
        int first = firstChanged(prefix, to);
        int next = nextUnchanged(first, from.length() - suffix, to, growth);
        List<String> content = new ArrayList<>();
        for (Line line : lines.subList(0, first)) {
            content.addAll(line.above());
            content.add(line.source());
        }
        int start = first == 0 ? 0 : lines.get(first - 1).end();
        @Nullable Line last = next == lines.size() ? null : lines.get(next);
        int end = last == null ? to.length() : last.start() + growth;
        print(first == 0 ? null : lines.get(first - 1).text(), to.substring(start, end), last, content);
        if (last != null) {
            for (Line line : lines.subList(next + 1, lines.size())) {
                content.addAll(line.above());
                content.add(line.source());
            }
        }
        return content;
    }

    /** The number of lines before the change. The text after the last of them is another line in the new string as well. */
    private int firstChanged(int prefix, String to) {
        int count = 0;
        while (count < lines.size() && lines.get(count).end() <= prefix) {
            count++;
        }
        while (count > 0) {
            int end = lines.get(count - 1).end();
            if (end == to.length() || to.charAt(end) == '\n' || (to.charAt(end) == ' ' && count < lines.size())) {
                return count;
            }
            count--;
        }
        return 0;
    }

    /** The index of the first line after the change. */
    private int nextUnchanged(int first, int suffix, String to, int growth) {
        int next = lines.size();
        while (next > first && lines.get(next - 1).start() >= suffix) {
            next--;
        }
        int earliest = first == 0 ? 0 : lines.get(first - 1).end() + 1;
        while (next < lines.size()) {
            int start = lines.get(next).start() + growth;
            if (start >= earliest && start > 0 && (to.charAt(start - 1) == '\n' || to.charAt(start - 1) == ' ')) {
                return next;
            }
            next++;
        }
        return next;
    }

    /**
     * Adds the changed lines, and the first unchanged line after them.
     *
     * @param previous the text of the line before them; null if there is none
     * @param text from the end of the previous line to the start of the line after them
     */
    private void print(@Nullable String previous, String text, @Nullable Line last, List<String> content) {
        @Nullable String above = previous;
        int at = 0;
        while (at < text.length() || last != null) {
            int start = at;
            while (start < text.length() && text.charAt(start) == '\n') {
                start++;
            }
            int breaks = start - at;
            if (breaks == 0 && above != null && text.startsWith(" ", start)) {
                start++;
            }
            if (last != null && start >= text.length()) {
                List<String> empty = emptyLines(breaks, above, last.text());
                content.addAll(last.above().size() == empty.size() ? last.above() : empty);
                content.add(last.source());
                return;
            }
            at = endOfLine(text, start, last != null);
            String line = text.substring(start, at);
            content.addAll(emptyLines(breaks, above, line));
            content.add(" ".repeat(indentation) + line);
            above = line;
        }
    }

    /** @param joined whether a blank at the end of the text is the line break before another line */
    private static int endOfLine(String text, int start, boolean joined) {
        int lineBreak = text.indexOf('\n', start);
        if (lineBreak >= 0) {
            return lineBreak;
        }
        return joined && start < text.length() - 1 && text.endsWith(" ") ? text.length() - 1 : text.length();
    }

    /** The empty lines for line breaks of the string between two lines. */
    private static List<String> emptyLines(int breaks, @Nullable String above, String below) {
        boolean spaced = above != null && (isSpaced(above) || isSpaced(below));
        return Collections.nCopies(Math.max(0, breaks - (spaced ? 1 : 0)), "");
    }

    private static boolean isSpaced(String text) {
        return text.startsWith(" ") || text.startsWith("\t");
    }
}
