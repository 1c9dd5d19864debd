package dev.pillion.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Template;
import java.util.List;
import java.util.Map;

/** Finds out whether a profile appends to environment variables of the app. */
final class AppendedEnvironment {

    private AppendedEnvironment() {}

    /** Whether the templates append to a variable, as far as that is known without a Pod. */
    static boolean isIn(Map<String, Template> app) {
        return switch (app.get("env")) {
            case Template.Constant(JsonNode list) -> list.valueStream().anyMatch(variable -> variable.has("append"));
            case Template.Elements(List<Template> elements) -> elements.stream().anyMatch(AppendedEnvironment::appends);
            case null, default -> false;
        };
    }

    private static boolean appends(Template variable) {
        return switch (variable) {
            case Template.Constant(JsonNode value) -> value.has("append");
            case Template.Fields(Map<String, Template> fields) -> fields.containsKey("append");
            case Template.Whole _, Template.Interpolated _, Template.Elements _ -> false;
        };
    }
}
