package dev.pillion.yaml.splice;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The lines of a text, with the line breaks of YAML 1.1. No lookup reads a whole line, because a compact JSON document is one line. */
final class Lines {

    private static final String BREAKS = "\n\r\u0085\u2028\u2029";

    private final String text;
    private final int[] starts;

    Lines(String text) {
        this.text = text;
        this.starts = IntStream.concat(
                        IntStream.of(0), IntStream.rangeClosed(1, text.length()).filter(this::isAfterBreak))
                .toArray();
    }

    String text() {
        return text;
    }

    private boolean isAfterBreak(int at) {
        return BREAKS.indexOf(text.charAt(at - 1)) >= 0 && !(text.charAt(at - 1) == '\r' && text.startsWith("\n", at));
    }

    private int line(int at) {
        int found = Arrays.binarySearch(starts, at);
        return found >= 0 ? found : -found - 2;
    }

    /** The start of the line of a character. */
    int start(int at) {
        return starts[line(at)];
    }

    /** The end of the line of a character, before its line break. */
    int end(int at) {
        int next = line(at) + 1;
        int end = next < starts.length ? beforeBreak(starts[next]) : text.length();
        return Math.max(at, end);
    }

    /** The index before the line break that precedes a line. */
    int beforeBreak(int lineStart) {
        boolean two = lineStart >= 2 && text.charAt(lineStart - 1) == '\n' && text.charAt(lineStart - 2) == '\r';
        return lineStart == 0 ? 0 : lineStart - (two ? 2 : 1);
    }

    /** The index after the line break at the end of a line. */
    int afterBreak(int lineEnd) {
        boolean two = text.startsWith("\r\n", lineEnd);
        return Math.min(text.length(), lineEnd + (two ? 2 : 1));
    }

    int column(int at) {
        int start = start(at);
        boolean mark = start < at && text.charAt(start) == '\ufeff';
        return text.codePointCount(start, at) - (mark ? 1 : 0);
    }

    /** The blanks at the start of the line of a character, up to the character. */
    String indentation(int at) {
        int start = start(at);
        start += start < at && text.charAt(start) == '\ufeff' ? 1 : 0;
        int end = start;
        while (end < at && " \t".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        return text.substring(start, end);
    }

    boolean isBlank(int start, int end) {
        for (int at = start; at < end; at++) {
            if (" \t\ufeff".indexOf(text.charAt(at)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The blank lines after a line, with the line break before them and without the one after them. */
    String blankLinesAfter(int lineEnd) {
        int end = lineEnd;
        int next = afterBreak(end);
        while (next < text.length() && isBlank(next, end(next))) {
            end = end(next);
            next = afterBreak(end);
        }
        return text.substring(lineEnd, end);
    }

    /** The line break of the line of a character, or of the line before it. */
    String lineBreak(int at) {
        int end = end(at);
        if (end == text.length()) {
            end = beforeBreak(start(at));
        }
        return text.startsWith("\r\n", end) ? "\r\n" : text.startsWith("\r", end) ? "\r" : "\n";
    }
}
