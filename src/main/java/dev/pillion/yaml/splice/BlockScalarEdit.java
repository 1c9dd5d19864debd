package dev.pillion.yaml.splice;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Changes the content of a block scalar. The header keeps its comment and its indentation, and lines that do not change keep their text.
 *
 * @param header of the scalar
 * @param lineBreak of the document
 * @param lines of the content, with their indentation
 */
record BlockScalarEdit(BlockScalarHeader header, String lineBreak, List<String> lines) {

    private static final Pattern BREAK = Pattern.compile("\\r\\n|[\\r\\n]");

    static BlockScalarEdit of(String source) throws UnsupportedTextException {
        Matcher first = BREAK.matcher(source);
        if (!first.find()) {
            throw unsupported();
        }
        return new BlockScalarEdit(
                BlockScalarHeader.of(source.substring(0, first.start())),
                first.group(),
                List.of(BREAK.split(source.substring(first.end()), -1)));
    }

    /** The scalar with another content. */
    String changed(String from, String to) throws UnsupportedTextException {
        if (from.isBlank() || to.isBlank() || !ScalarText.isPrintable(to)) {
            throw unsupported();
        }
        List<String> content = header.isFolded() ? folded(from, to) : literal(contentOf(from), contentOf(to));
        // Without a digit, the first line that is not blank gives the indentation.
        if (!header.hasDigit() && startsWithBlank(to)) {
            throw unsupported();
        }
        return header.changed(from, to) + lineBreak + String.join(lineBreak, content);
    }

    /** The lines of a literal block: each line of the string is one. */
    private List<String> literal(List<String> from, List<String> to) throws UnsupportedTextException {
        int indentation = indentation(from);
        int shorter = Math.min(from.size(), to.size());
        int same = 0;
        while (same < shorter && from.get(same).equals(to.get(same))) {
            same++;
        }
        int last = 0;
        while (last < shorter - same && from.get(from.size() - 1 - last).equals(to.get(to.size() - 1 - last))) {
            last++;
        }
        List<String> content = new ArrayList<>(lines.subList(0, same));
        for (String line : to.subList(same, to.size() - last)) {
            content.add(line.isEmpty() ? "" : " ".repeat(indentation) + line);
        }
        content.addAll(lines.subList(lines.size() - last, lines.size()));
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

    /** The empty lines at the end belong to the content only if the header keeps them. */
    private List<String> folded(String from, String to) throws UnsupportedTextException {
        int empty = Math.max(0, from.length() - withoutBreaks(from).length() - 1);
        List<String> source = lines.subList(0, Math.max(0, lines.size() - empty));
        List<String> content = new ArrayList<>(FoldedLines.changed(source, withoutBreaks(from), withoutBreaks(to)));
        content.addAll(
                Collections.nCopies(Math.max(0, to.length() - withoutBreaks(to).length() - 1), ""));
        return content;
    }

    private static boolean startsWithBlank(String text) {
        String first = text.lines().filter(line -> !line.isEmpty()).findFirst().orElse(" ");
        return " \t".indexOf(first.charAt(0)) >= 0;
    }

    /** The last line break of a string belongs to its last line. */
    private static List<String> contentOf(String text) {
        return List.of((text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1));
    }

    private static String withoutBreaks(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '\n') {
            end--;
        }
        return text.substring(0, end);
    }

    private static UnsupportedTextException unsupported() {
        return new UnsupportedTextException("a block scalar that changes");
    }
}
