package dev.pillion.expression.limit;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Compiles RE2 patterns of limited size. RE2/J limits each repetition to 1,000, but not the product of nested ones: the program of
 * {@code ((a{1000}){1000}){1000}} would have a thousand million instructions. So the size is estimated before the pattern is compiled.
 */
public final class PatternLimits {

    /** The maximum length of a pattern, in characters. */
    private static final int MAX_LENGTH = 1_000;

    /** The maximum size of a program, in instructions. A match takes time in proportion to it for each character. */
    private static final int MAX_SIZE = 2_000;

    /** The maximum nesting of groups: RE2/J's parser and compiler are recursive. */
    private static final int MAX_DEPTH = 50;

    private static final Pattern FOLDS_CASE = Pattern.compile("\\(\\?[imsU]*i");

    /** A character that is not ASCII, or is written by its number. */
    private static final Pattern WIDE = Pattern.compile("[^\\x00-\\x7F]|\\\\[x0-9]");

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
            throw new PatternSyntaxException("pattern of more than " + MAX_LENGTH + " characters", pattern);
        }
        // The sizes of the open groups. The first one is the whole pattern.
        Deque<Size> open = new ArrayDeque<>();
        open.push(new Size());
        for (int at = 0; at < pattern.length(); at++) {
            Size size = open.element();
            switch (pattern.charAt(at)) {
                case '\\' -> {
                    int last = PatternSyntax.endOfEscape(pattern, at);
                    // Each character between \\Q and \\E is an instruction. A repetition after an empty quotation
                    // applies to the part before it.
                    if (!pattern.startsWith("\\Q", at)) {
                        size.add(1);
                    } else if (last > at + 3) {
                        size.add(last - at);
                    }
                    at = last;
                }
                case '[' -> {
                    int end = Math.min(PatternSyntax.endOfClass(pattern, at), pattern.length());
                    checkClass(pattern, pattern.substring(at, end));
                    at = end;
                    size.add(1);
                }
                case '(' -> {
                    if (open.size() > MAX_DEPTH) {
                        throw new PatternSyntaxException("groups are nested more than " + MAX_DEPTH + " deep", pattern);
                    }
                    int flags = PatternSyntax.endOfFlags(pattern, at);
                    if (flags > at) {
                        // Flags have no instruction: a repetition after them applies to the part before them.
                        at = flags;
                    } else {
                        open.push(new Size());
                    }
                }
                case ')' -> {
                    if (open.size() > 1) {
                        Size group = open.pop();
                        open.element().add(group.total + 2);
                    }
                }
                case '{' -> {
                    int end = PatternSyntax.endOfRepetition(pattern, at);
                    if (end > at) {
                        size.repeat(PatternSyntax.repetitions(pattern, at));
                        at = end;
                    } else {
                        size.add(1);
                    }
                }
                // They repeat the part before them without copies.
                case '*', '+', '?' -> size.follow();
                default -> size.add(1);
            }
            if (open.element().total > MAX_SIZE) {
                throw tooLarge(pattern);
            }
        }
    }

    /** With (?i), RE2/J examines each character of a range, which takes a minute for some ranges. */
    private static void checkClass(String pattern, String characters) {
        if (characters.indexOf('-') > 0
                && FOLDS_CASE.matcher(pattern).find()
                && WIDE.matcher(characters).find()) {
            throw new PatternSyntaxException("with (?i) a class has ranges of ASCII characters only", pattern);
        }
    }

    private static PatternSyntaxException tooLarge(String pattern) {
        return new PatternSyntaxException("its repetitions expand to more than " + MAX_SIZE + " instructions", pattern);
    }

    /** The approximate number of instructions of a part of a program. */
    private static final class Size {

        private long total;
        /** The size of the part that a repetition would repeat. */
        private long last;

        void add(long more) {
            total += more;
            last = more;
        }

        /** Adds an instruction that belongs to the part before it. */
        void follow() {
            total++;
            last++;
        }

        void repeat(int times) {
            total += last * (times - 1L);
            last *= times;
        }
    }
}
