package dev.pillion.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;

/** Writes a parameter's value as in an annotation. */
public final class ValueText {

    private static final int LONGEST = 300;

    private ValueText() {}

    public static String of(JsonNode value) {
        String text = text(value);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "… (" + text.length() + " characters)";
    }

    private static String text(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> value.valueStream().map(ValueText::element).collect(Collectors.joining(", "));
            case OBJECT ->
                value.properties().stream()
                        .map(field -> field.getKey() + "=" + scalar(field.getValue()))
                        .collect(Collectors.joining(", "));
            default -> scalar(value);
        };
    }

    /** The whole address of an endpoint, which is an object for expressions. */
    private static String element(JsonNode element) {
        return element.isObject() ? element.path("url").asText(element.toString()) : scalar(element);
    }

    private static String scalar(JsonNode value) {
        boolean plain = value.isValueNode() && !value.asText().isEmpty() && Printable.isPlain(value.asText());
        return plain ? value.asText() : value.toString();
    }
}
