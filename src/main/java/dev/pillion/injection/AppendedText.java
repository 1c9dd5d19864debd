package dev.pillion.injection;

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
record AppendedText(
        @JsonProperty("text") String text,
        @JsonProperty("separator") String separator,
        @JsonProperty("valueAbsent") boolean valueAbsent) {

    private static final String FIELD = "append";

    AppendedText {
        // Anyone can write a status, and an expression may leave the separator out.
        separator = separator.isEmpty() ? " " : separator;
    }

    /** What a variable of a profile appends; nothing if it sets its value instead. */
    static Optional<AppendedText> of(JsonNode variable) {
        return variable.has(FIELD)
                ? Optional.of(new AppendedText(
                        variable.path("value").asText(),
                        variable.path(FIELD).path("separator").asText(),
                        false))
                : Optional.empty();
    }

    /** The same text for a variable that has, or does not have, a field {@code value}. */
    AppendedText to(JsonNode variable) {
        return new AppendedText(text, separator, !variable.hasNonNull("value"));
    }

    /** Whether a value has the text, between separators. */
    boolean isIn(String value) {
        return text.isEmpty() || place(value) >= 0;
    }

    String appendedTo(String value) {
        return value.isEmpty() ? text : value + separator + text;
    }

    /** The value without the last occurrence of the text, and without the separator that came with it. */
    String removedFrom(String value) {
        int start = place(value);
        if (text.isEmpty() || start < 0) {
            return value;
        }
        int end = start + text.length();
        if (start > 0) {
            return value.substring(0, start - separator.length()) + value.substring(end);
        }
        return value.substring(Math.min(value.length(), end + separator.length()));
    }

    private int place(String value) {
        for (int start = value.lastIndexOf(text); start >= 0; start = value.lastIndexOf(text, start - 1)) {
            int end = start + text.length();
            if ((start == 0 || value.startsWith(separator, start - separator.length()))
                    && (end == value.length() || value.startsWith(separator, end))) {
                return start;
            }
            if (start == 0) {
                break;
            }
        }
        return -1;
    }
}
