package dev.pillion.yaml;

/** The lines of a text, with the line breaks of YAML 1.1. */
record Lines(String text) {

    private static final String BREAKS = "\n\r\u0085\u2028\u2029";

    static boolean isBreak(char character) {
        return BREAKS.indexOf(character) >= 0;
    }

    /** Where the line of a character starts. */
    int start(int at) {
        int start = at;
        while (start > 0 && !endsWithBreak(start)) {
            start--;
        }
        return start;
    }

    /** Where the line of a character ends, before its line break. */
    int end(int at) {
        int end = at;
        while (end < text.length() && !isBreak(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** Before the line break that ends before a line. */
    int beforeBreak(int lineStart) {
        boolean two = lineStart >= 2 && text.charAt(lineStart - 1) == '\n' && text.charAt(lineStart - 2) == '\r';
        return lineStart == 0 ? 0 : lineStart - (two ? 2 : 1);
    }

    /** After the line break at the end of a line. */
    int afterBreak(int lineEnd) {
        boolean two = text.startsWith("\r\n", lineEnd);
        return Math.min(text.length(), lineEnd + (two ? 2 : 1));
    }

    int column(int at) {
        int start = start(at);
        boolean mark = start < at && text.charAt(start) == '\ufeff';
        return text.codePointCount(start, at) - (mark ? 1 : 0);
    }

    /** The blanks that the line of a character begins with, as far as they are before the character. */
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

    /** The line break of the line at a place, or of the lines before it. */
    String lineBreak(int at) {
        int end = end(at);
        if (end == text.length()) {
            end = beforeBreak(start(at));
        }
        return text.startsWith("\r\n", end) ? "\r\n" : text.startsWith("\r", end) ? "\r" : "\n";
    }

    private boolean endsWithBreak(int at) {
        return isBreak(text.charAt(at - 1)) && !(text.charAt(at - 1) == '\r' && text.startsWith("\n", at));
    }
}
