package dev.pillion.injection.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A text that a profile appends to the value of one of the app's variables, for example an option to {@code JAVA_TOOL_OPTIONS}.
 *
 * @param separator between the value and the text; there is none before the text of a variable without a value
 * @param valueAbsent whether the variable of the app had no field {@code value}
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record AppendedText(
        @JsonProperty("text") String text,
        @JsonProperty("separator") String separator,
        @JsonProperty("valueAbsent") boolean valueAbsent) {

    private static final String FIELD = "append";

    public AppendedText {
        // Anyone can write a status, and an expression can be without a separator.
        separator = separator.isEmpty() ? " " : separator;
    }

    /** The text that a variable of a profile appends; empty if the variable sets a value.*/
    public static Optional<AppendedText> of(JsonNode variable) {
        return variable.has(FIELD)
                ? Optional.of(new AppendedText(
                        variable.path("value").asText(),
                        variable.path(FIELD).path("separator").asText(),
                        false))
                : Optional.empty();
    }

    /** The same text for a variable that has, or does not have, a field {@code value}. */
    public AppendedText to(JsonNode variable) {
        return new AppendedText(text, separator, !variable.hasNonNull("value"));
    }

    /** Whether a value contains the text between separators. */
    public boolean isIn(String value) {
        return text.isEmpty() || place(value) >= 0;
    }

    public String appendedTo(String value) {
        return value.isEmpty() ? text : value + separator + text;
    }

    /** The value without the last occurrence of the text, and without the separator that came with it. */
    public String removedFrom(String value) {
        int start = text.isEmpty() ? -1 : place(value);
        if (start < 0) {
            return value;
        }
        int end = start + text.length();
        if (start > 0) {
            return value.substring(0, start - separator.length()) + value.substring(end);
        }
        return value.substring(Math.min(value.length(), end + separator.length()));
    }

    /** The last place between separators, or -1. It takes linear time, since anyone can write the value and the text. */
    private int place(String value) {
        int[] borders = borders();
        int found = -1;
        int matched = 0;
        for (int at = 0; at < value.length(); at++) {
            while (matched > 0 && (matched == text.length() || text.charAt(matched) != value.charAt(at))) {
                matched = borders[matched - 1];
            }
            if (text.charAt(matched) == value.charAt(at)) {
                matched++;
            }
            if (matched == text.length() && isBetweenSeparators(value, at + 1 - matched)) {
                found = at + 1 - matched;
            }
        }
        return found;
    }

    private boolean isBetweenSeparators(String value, int start) {
        int end = start + text.length();
        return (start == 0 || value.startsWith(separator, start - separator.length()))
                && (end == value.length() || value.startsWith(separator, end));
    }

    /** For each beginning of the text, how long the longest beginning of it is that is also its end (Knuth, Morris and Pratt). */
    private int[] borders() {
        int[] borders = new int[text.length()];
        for (int at = 1; at < text.length(); at++) {
            int length = borders[at - 1];
            while (length > 0 && text.charAt(length) != text.charAt(at)) {
                length = borders[length - 1];
            }
            borders[at] = text.charAt(length) == text.charAt(at) ? length + 1 : 0;
        }
        return borders;
    }
}
