package dev.pillion.cli.profiles;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Profile;
import dev.pillion.cli.terminal.ValueText;
import dev.pillion.expression.Template;
import dev.pillion.expression.Template.Interpolated;
import java.util.stream.Collectors;

/** Writes templates as in the profile. */
final class TemplateText {

    private TemplateText() {}

    static String of(Template template) {
        return switch (template) {
            case Template.Constant(JsonNode value) -> ValueText.of(value);
            case Template.Whole whole -> "${" + whole.expression().source() + "}";
            case Interpolated(var parts) -> parts.stream().map(TemplateText::of).collect(Collectors.joining());
            case Template.Fields _, Template.Elements _ -> "…";
        };
    }

    /** A field of a map; empty if there is none. */
    static String field(Template map, String name) {
        return switch (map) {
            case Template.Constant(JsonNode value) -> value.path(name).asText("");
            case Template.Fields(var fields) -> fields.containsKey(name) ? of(fields.get(name)) : "";
            case Template.Whole _, Interpolated _, Template.Elements _ -> "";
        };
    }

    /** The text, with defaults instead of the parameters that have one. */
    static String withDefaults(String text, Profile profile) {
        String filled = text;
        for (Parameter parameter : profile.parameters().values()) {
            if (!parameter.defaultText().isEmpty()) {
                filled = filled.replace("${params." + parameter.name() + "}", parameter.defaultText());
            }
        }
        return filled;
    }

    private static String of(Interpolated.Part part) {
        return switch (part) {
            case Interpolated.Text(String text) -> text;
            case Interpolated.Value(var expression, var _) -> "${" + expression.source() + "}";
        };
    }
}
