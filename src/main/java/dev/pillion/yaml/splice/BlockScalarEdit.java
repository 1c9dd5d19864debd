package dev.pillion.yaml.splice;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Changes the content of a block scalar. The header keeps its comment and its indentation, and lines that do not change keep their text.
 *
 * @param style {@code |} or {@code >}
 * @param indicator the digit of the header that gives the indentation; empty if it has none
 * @param comment the rest of the header's line
 * @param lineBreak of the document
 * @param lines of the content, with their indentation
 */
record BlockScalarEdit(String style, String indicator, String comment, String lineBreak, List<String> lines) {

    private static final Pattern BREAK = Pattern.compile("\\r\\n|[\\r\\n]");
    private static final Pattern HEADER =
            Pattern.compile("(?<style>[|>])(?:(?<digit>\\d)[-+]?|[-+]?(?<last>\\d)|[-+]?)(?<comment>[ \\t].*)?");

    static BlockScalarEdit of(String source) throws UnsupportedTextException {
        Matcher first = BREAK.matcher(source);
        if (!first.find()) {
            throw unsupported();
        }
        Matcher header = HEADER.matcher(source.substring(0, first.start()));
        if (!header.matches()) {
            throw unsupported();
        }
        String digit = header.group("digit") == null ? header.group("last") : header.group("digit");
        return new BlockScalarEdit(
                header.group("style"),
                digit == null ? "" : digit,
                header.group("comment") == null ? "" : header.group("comment"),
                first.group(),
                List.of(BREAK.split(source.substring(first.end()), -1)));
    }

    /** The scalar with another content. */
    String changed(String from, String to) throws UnsupportedTextException {
        if (to.isBlank() || !ScalarText.isPrintable(to)) {
            throw unsupported();
        }
        List<String> content = style.equals("|") ? literal(contentOf(from), contentOf(to)) : folded(from, to);
        String chomping = to.endsWith("\n\n") ? "+" : to.endsWith("\n") ? "" : "-";
        return style + indicator + chomping + comment + lineBreak + String.join(lineBreak, content);
    }

    /** The lines of a literal block: each line of the string is one. */
    private List<String> literal(List<String> from, List<String> to) throws UnsupportedTextException {
        int indentation = indentation(from);
        int same = 0;
        while (same < Math.min(from.size(), to.size()) && from.get(same).equals(to.get(same))) {
            same++;
        }
        List<String> content = new ArrayList<>(lines.subList(0, same));
        for (String line : to.subList(same, to.size())) {
            content.add(line.isEmpty() ? "" : " ".repeat(indentation) + line);
        }
        // Without a digit, the first line that is not blank gives the indentation.
        if (indicator.isEmpty() && startsWithBlank(to)) {
            throw unsupported();
        }
        return content;
    }

    /** Checks that the content has one line for each line of the string. */
    private int indentation(List<String> from) throws UnsupportedTextException {
        if (from.size() != lines.size()) {
            throw unsupported();
        }
        for (int index = 0; index < from.size(); index++) {
            if (!from.get(index).isBlank() && lines.get(index).endsWith(from.get(index))) {
                return lines.get(index).length() - from.get(index).length();
            }
        }
        throw unsupported();
    }

    private static boolean startsWithBlank(List<String> content) {
        String first =
                content.stream().filter(line -> !line.isEmpty()).findFirst().orElse(" ");
        return " \t".indexOf(first.charAt(0)) >= 0;
    }

    /** A folded block changes only at its end, since its lines do not show where the string has line breaks. */
    private List<String> folded(String from, String to) throws UnsupportedTextException {
        List<String> content = new ArrayList<>(lines);
        String last = content.removeLast();
        int indentation =
                lines.getFirst().length() - lines.getFirst().stripLeading().length();
        if (to.startsWith(from) && isOneLine(to.substring(from.length()))) {
            String suffix = to.substring(from.length());
            if (from.endsWith("\n")) {
                content.add(last);
                content.addAll(furtherLine(indentation, suffix));
            } else {
                content.add(last + suffix);
            }
            return content;
        }
        if (from.startsWith(to) && isOneLine(from.substring(to.length()))) {
            String suffix = from.substring(to.length());
            if (!to.endsWith("\n") && last.endsWith(suffix)) {
                content.add(last.substring(0, last.length() - suffix.length()));
                return content;
            }
            List<String> further = furtherLine(indentation, suffix);
            int kept = lines.size() - further.size();
            if (kept > 0 && lines.subList(kept, lines.size()).equals(further)) {
                return lines.subList(0, kept);
            }
        }
        if (lines.size() == 1 && isOneLine(to.stripTrailing()) && !to.startsWith(" ")) {
            return List.of(" ".repeat(indentation) + withoutLastBreak(to));
        }
        throw unsupported();
    }

    /** A line break stays before a line that starts with a blank; between other lines, it needs an empty line. */
    private static List<String> furtherLine(int indentation, String text) {
        String line = " ".repeat(indentation) + text;
        return text.startsWith(" ") ? List.of(line) : List.of("", line);
    }

    private static boolean isOneLine(String text) {
        return !text.isBlank() && text.indexOf('\n') < 0;
    }

    /** The last line break of a string belongs to its last line. */
    private static List<String> contentOf(String text) {
        return List.of(withoutLastBreak(text).split("\n", -1));
    }

    private static String withoutLastBreak(String text) {
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private static UnsupportedTextException unsupported() {
        return new UnsupportedTextException("a block scalar that changes");
    }
}
