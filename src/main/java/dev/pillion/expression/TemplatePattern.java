package dev.pillion.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;

/**
 * Compares a text with the fixed parts of a template: an expression can have any value. It needs no values, so it also recognizes the results
 * for other parameters.
 */
public final class TemplatePattern {

    private TemplatePattern() {}

    /** Whether the template could be this text. */
    public static boolean couldBe(Template template, String text) {
        return switch (template) {
            case Template.Whole _ -> true;
            case Template.Constant(JsonNode value) -> isText(value, text);
            case Template.Interpolated(List<Template.Interpolated.Part> parts) -> matches(parts, text);
            case Template.Fields _, Template.Elements _ -> false;
        };
    }

    /**
     * Whether the template could be a list with an element of which a field is this text.
     *
     * @param field as {@code name}, or {@code configMapRef.name} for one further down
     */
    public static boolean couldHaveElement(Template list, String field, String text) {
        List<String> steps = List.of(field.split("\\."));
        return switch (list) {
            case Template.Whole _ -> true;
            case Template.Constant(JsonNode value) ->
                value.valueStream().anyMatch(element -> isText(at(element, steps), text));
            case Template.Elements(List<Template> elements) ->
                elements.stream().anyMatch(element -> couldHave(element, steps, text));
            case Template.Fields _, Template.Interpolated _ -> false;
        };
    }

    /** Whether the template could be a map with this field. */
    public static boolean couldHaveField(Template map, String field) {
        return switch (map) {
            case Template.Whole _ -> true;
            case Template.Constant(JsonNode value) -> value.has(field);
            case Template.Fields(Map<String, Template> fields) -> fields.containsKey(field);
            case Template.Elements _, Template.Interpolated _ -> false;
        };
    }

    /** Whether the template could be a map of which a field is this text. */
    public static boolean couldHave(Template map, String field, String text) {
        return couldHave(map, List.of(field.split("\\.")), text);
    }

    private static boolean couldHave(Template template, List<String> steps, String text) {
        if (steps.isEmpty()) {
            return couldBe(template, text);
        }
        return switch (template) {
            case Template.Whole _ -> true;
            case Template.Constant(JsonNode value) -> isText(at(value, steps), text);
            case Template.Fields(Map<String, Template> fields) ->
                couldHave(
                        fields.getOrDefault(steps.getFirst(), Template.nothing()),
                        steps.subList(1, steps.size()),
                        text);
            case Template.Elements _, Template.Interpolated _ -> false;
        };
    }

    private static JsonNode at(JsonNode tree, List<String> steps) {
        JsonNode node = tree;
        for (String step : steps) {
            node = node.isObject() ? node.path(step) : MissingNode.getInstance();
        }
        return node;
    }

    private static boolean isText(JsonNode value, String text) {
        return value.isMissingNode() || value.isNull()
                ? text.isEmpty()
                : value.isValueNode() && value.asText().equals(text);
    }

    /** Searches each fixed part after the one before it, as early as possible. The text between two fixed parts can be a value. */
    private static boolean matches(List<Template.Interpolated.Part> parts, String text) {
        int from = 0;
        boolean afterValue = false;
        for (Template.Interpolated.Part part : parts) {
            switch (part) {
                case Template.Interpolated.Value _ -> afterValue = true;
                case Template.Interpolated.Text(String literal) -> {
                    boolean last = part == parts.getLast();
                    int found = !afterValue
                            ? (text.startsWith(literal, from) ? from : -1)
                            : last && text.endsWith(literal)
                                    ? Math.max(text.length() - literal.length(), -1)
                                    : text.indexOf(literal, from);
                    if (found < from) {
                        return false;
                    }
                    from = found + literal.length();
                    afterValue = false;
                }
            }
        }
        return afterValue || from == text.length();
    }
}
