package dev.pillion.expression.limit;

/** Finds where the parts of an RE2 pattern end. */
final class PatternSyntax {

    private PatternSyntax() {}

    /** The index of the last character of an escape: <code>\\x{10FFFF}</code>, <code>\\p{Greek}</code>, a quoted text, or one character. */
    static int endOfEscape(String pattern, int start) {
        int end;
        if (pattern.startsWith("\\Q", start)) {
            end = pattern.indexOf("\\E", start + 2);
            return end < 0 ? pattern.length() : end + 1;
        }
        boolean braces = pattern.startsWith("{", start + 2) && "xpP".indexOf(pattern.charAt(start + 1)) >= 0;
        end = braces ? pattern.indexOf('}', start + 2) : start + 1;
        return end < 0 ? start + 1 : end;
    }

    /** The index of the bracket that closes a class. A bracket at the start is a character of the class. */
    static int endOfClass(String pattern, int start) {
        int at = start + 1;
        if (at < pattern.length() && pattern.charAt(at) == '^') {
            at++;
        }
        if (at < pattern.length() && pattern.charAt(at) == ']') {
            at++;
        }
        while (at < pattern.length() && pattern.charAt(at) != ']') {
            if (pattern.startsWith("[:", at)) {
                int end = pattern.indexOf(":]", at + 2);
                at = end < 0 ? at : end + 1;
            } else if (pattern.charAt(at) == '\\') {
                at++;
            }
            at++;
        }
        return at;
    }

    /** The index of the parenthesis that ends flags for what follows, as <code>(?i)</code>; the start for any other group. */
    static int endOfFlags(String pattern, int start) {
        int at = start + 1;
        if (!pattern.startsWith("?", at)) {
            return start;
        }
        do {
            at++;
        } while (at < pattern.length() && "imsU-".indexOf(pattern.charAt(at)) >= 0);
        return pattern.startsWith(")", at) ? at : start;
    }

    /** The index of the brace that closes <code>{n}</code>, <code>{n,}</code> or <code>{n,m}</code>; the start if it is no repetition. */
    static int endOfRepetition(String pattern, int start) {
        int at = start + 1;
        while (at < pattern.length() && (Character.isDigit(pattern.charAt(at)) || pattern.charAt(at) == ',')) {
            at++;
        }
        return at > start + 1 && pattern.startsWith("}", at) ? at : start;
    }

    /** The larger number of <code>{n,m}</code>; 1 if it is no repetition. */
    static int repetitions(String pattern, int open) {
        int close = pattern.indexOf('}', open);
        if (close < 0) {
            return 1;
        }
        int largest = 1;
        for (String number : pattern.substring(open + 1, close).split(",", -1)) {
            if (number.isEmpty()) {
                continue;
            }
            if (number.length() > 4 || !number.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
                return 1;
            }
            largest = Math.max(largest, Integer.parseInt(number));
        }
        return largest;
    }
}
