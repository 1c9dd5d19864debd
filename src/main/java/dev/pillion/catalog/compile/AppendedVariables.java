package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Excerpt;

/** Checks the variables of the app to which a profile appends: each needs a text to append and a separator. */
final class AppendedVariables {

    private static final int MAX_SEPARATOR_LENGTH = 16;

    private AppendedVariables() {}

    static void check(JsonNode app, Problems problems) {
        for (int index = 0; index < app.path("env").size(); index++) {
            JsonNode variable = app.path("env").path(index);
            if (variable.has("append")) {
                check(variable, "spec.app.env[" + index + "]", problems);
            }
        }
    }

    private static void check(JsonNode variable, String path, Problems problems) {
        JsonNode append = variable.path("append");
        if (variable.has("valueFrom")) {
            problems.accept(path + ".valueFrom", "cannot be appended to another value; write a value");
        } else if (variable.path("value").asText().isEmpty()) {
            problems.accept(path + ".value", "is missing; it is the text to append");
        }
        if (!append.isObject()) {
            problems.accept(path + ".append", "must be a map with the separator, such as {separator: \" \"}");
            return;
        }
        String separator = append.path("separator").asText();
        if (separator.isEmpty()) {
            problems.accept(
                    path + ".append.separator",
                    "is missing; it is the text between the app's value and the appended one, such as \" \" or \":\"");
        } else if (!separator.contains("${")
                && (separator.length() > MAX_SEPARATOR_LENGTH
                        || separator.chars().anyMatch(Character::isISOControl))) {
            problems.accept(
                    path + ".append.separator",
                    "must be at most " + MAX_SEPARATOR_LENGTH + " characters without line breaks, is '"
                            + Excerpt.of(separator) + "'");
        }
    }
}
