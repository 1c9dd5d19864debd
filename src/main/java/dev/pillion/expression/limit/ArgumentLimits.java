package dev.pillion.expression.limit;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Checks the sizes of a function's arguments before the function runs. */
final class ArgumentLimits {

    /** Comparisons of characters: about 10 ms. */
    private static final long MAX_COMPARISONS = 4_000_000;

    /** More patterns than any catalog has: patterns are constants of profiles and policies ({@link PatternLimits}). */
    private static final int MAX_PATTERNS = 1_000;

    private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

    private ArgumentLimits() {}

    static void check(String overload, Object[] arguments) {
        for (Object argument : arguments) {
            Work.add(
                    switch (argument) {
                        case String text -> text.length();
                        case List<?> list -> list.size();
                        default -> 0;
                    });
        }
        switch (overload) {
            case "string_replace_string_string", "string_replace_string_string_int" ->
                checkReplacement((String) arguments[0], (String) arguments[1], (String) arguments[2]);
            case "string_index_of_string",
                    "string_index_of_string_int",
                    "string_last_index_of_string",
                    "string_last_index_of_string_int",
                    "string_split_string",
                    "string_split_string_int" -> checkSearch((String) arguments[0], (String) arguments[1]);
            case "list_join" -> checkJoined((List<?>) arguments[0], "");
            case "list_join_string" -> checkJoined((List<?>) arguments[0], (String) arguments[1]);
            default -> {
                // The others take time in proportion to one argument.
            }
        }
    }

    static void checkSearch(String text, String part) {
        if (part.length() <= text.length() && (long) text.length() * part.length() > MAX_COMPARISONS) {
            throw new LimitExceededException("a text of " + text.length() + " characters is searched for one of "
                    + part.length() + ", which takes too long");
        }
        Work.add((long) text.length() * part.length());
    }

    private static void checkReplacement(String text, String part, String replacement) {
        checkSearch(text, part);
        long most = text.length() / Math.max(1, part.length()) + 1L;
        if (text.length() + most * replacement.length() > ValueLimits.MAX_SIZE
                && isResultTooLarge(text, part, replacement)) {
            throw ValueLimits.tooLarge();
        }
    }

    /** Whether the part occurs so often that the result would be too large. */
    private static boolean isResultTooLarge(String text, String part, String replacement) {
        long size = text.length() + (part.isEmpty() ? replacement.length() : 0L);
        for (int at = text.indexOf(part);
                at >= 0 && at < text.length();
                at = text.indexOf(part, at + Math.max(1, part.length()))) {
            size += replacement.length() - part.length();
            if (size > ValueLimits.MAX_SIZE) {
                return true;
            }
        }
        return false;
    }

    private static void checkJoined(List<?> list, String separator) {
        long size = (long) separator.length() * list.size();
        for (Object element : list) {
            size += element instanceof String text ? text.length() : 0;
            if (size > ValueLimits.MAX_SIZE) {
                throw ValueLimits.tooLarge();
            }
        }
    }

    /** Whether the pattern matches a part of the text, as CEL defines it. */
    static boolean matches(String text, String pattern) {
        if (PATTERNS.size() > MAX_PATTERNS) {
            PATTERNS.clear();
        }
        Pattern compiled = PATTERNS.computeIfAbsent(pattern, Pattern::compile);
        if ((long) text.length() * compiled.programSize() > MAX_COMPARISONS) {
            throw new LimitExceededException(
                    "a text of " + text.length() + " characters is matched against a pattern, which takes too long");
        }
        Work.add((long) text.length() * compiled.programSize());
        return compiled.matcher(text).find();
    }
}
