package dev.pillion.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Compiles RE2 patterns of bounded size. RE2/J bounds each repetition to 1,000, and not the product of nested ones: the program of
 * {@code ((a{1000}){1000}){1000}} would have a thousand million instructions. So the size is estimated before the pattern is compiled.
 */
public final class PatternLimits {

    /** Of a pattern, in characters. */
    private static final int MAX_LENGTH = 1_000;

    /** Of a program, in instructions. Matching takes time in proportion to it for each character. */
    private static final int MAX_SIZE = 2_000;

    /** Of groups in groups: RE2/J's parser and compiler are recursive. */
    private static final int MAX_DEPTH = 50;

    private PatternLimits() {}

    /**
     * Compiles a pattern.
     *
     * @throws PatternSyntaxException when it is not RE2, or exceeds a limit
     */
    public static Pattern compile(String pattern) {
        check(pattern);
        Pattern compiled = Pattern.compile(pattern);
        if (compiled.programSize() > MAX_SIZE) {
            throw tooLarge(pattern);
        }
        return compiled;
    }

    private static void check(String pattern) {
        if (pattern.length() > MAX_LENGTH) {
            throw new PatternSyntaxException("pattern of more than " + MAX_LENGTH + " characters", Excerpt.of(pattern));
        }
        // The sizes of what stands in the open groups, the whole pattern first.
        Deque<Size> open = new ArrayDeque<>();
        open.push(new Size());
        for (int at = 0; at < pattern.length(); at++) {
            Size size = open.element();
            switch (pattern.charAt(at)) {
                case '\\' -> {
                    int last = endOfEscape(pattern, at);
                    // Each character of a text between \\Q and \\E is an instruction.
                    size.add(pattern.startsWith("\\Q", at) ? last - at : 1);
                    at = last;
                }
                case '[' -> {
                    at = endOfClass(pattern, at);
                    size.add(1);
                }
                case '(' -> {
                    if (open.size() > MAX_DEPTH) {
                        throw new PatternSyntaxException(
                                "groups in more than " + MAX_DEPTH + " groups", Excerpt.of(pattern));
                    }
                    open.push(new Size());
                }
                case ')' -> {
                    if (open.size() > 1) {
                        Size group = open.pop();
                        open.element().add(group.total + 2);
                    }
                }
                case '{' -> {
                    size.repeat(repetitions(pattern, at));
                }
                default -> size.add(1);
            }
            if (open.element().total > MAX_SIZE) {
                throw tooLarge(pattern);
            }
        }
    }

    private static PatternSyntaxException tooLarge(String pattern) {
        return new PatternSyntaxException(
                "its repetitions come to more than " + MAX_SIZE + " instructions", Excerpt.of(pattern));
    }

    /** The index of the last character of an escape: <code>\\x{10FFFF}</code>, <code>\\p{Greek}</code>, a quoted text, or one character. */
    private static int endOfEscape(String pattern, int start) {
        int end;
        if (pattern.startsWith("\\Q", start)) {
            end = pattern.indexOf("\\E", start + 2);
            return end < 0 ? pattern.length() : end + 1;
        }
        boolean braces = pattern.startsWith("{", start + 2) && "xpP".indexOf(pattern.charAt(start + 1)) >= 0;
        end = braces ? pattern.indexOf('}', start + 2) : start + 1;
        return end < 0 ? start + 1 : end;
    }

    /** The index of the bracket that closes a class; one that comes first stands for itself. */
    private static int endOfClass(String pattern, int start) {
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

    /** The larger number of <code>{n,m}</code>; 1 for what is no repetition and stands for itself. */
    private static int repetitions(String pattern, int open) {
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

    /** About as many instructions as a part of a program has. */
    private static final class Size {

        private long total;
        /** Of what a repetition would repeat. */
        private long last;

        void add(long more) {
            total += more;
            last = more;
        }

        void repeat(int times) {
            total += last * (times - 1L);
            last *= times;
        }
    }
}
