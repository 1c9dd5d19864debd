package dev.pillion.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Writes JSON as CEL. */
final class CelLiteral {

    private static final String INDENT = "  ";

    private CelLiteral() {}

    /** Writes a value, on several lines if it is nested. CEL has no lists and maps of different types, so their elements are {@code dyn}. */
    static String of(JsonNode value) {
        return of(value, "");
    }

    /** Writes a string. CEL has all escapes of JSON. */
    static String of(String text) {
        return TextNode.valueOf(text).toString();
    }

    private static String of(JsonNode value, String indent) {
        if (value.isContainerNode() && !value.isEmpty()) {
            boolean alike = Stream.concat(Stream.of(value.iterator().next()), value.valueStream())
                    .allMatch(JsonNode::isTextual);
            List<String> parts = new ArrayList<>();
            String inner = indent + INDENT;
            for (JsonNode element : value.isArray() ? value : List.<JsonNode>of()) {
                parts.add(element(element, alike, inner));
            }
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                parts.add(of(field.getKey()) + ": " + element(field.getValue(), alike, inner));
            }
            String open = value.isArray() ? "[" : "{";
            String close = value.isArray() ? "]" : "}";
            boolean leaves = value.valueStream().noneMatch(JsonNode::isContainerNode);
            return leaves
                    ? open + String.join(", ", parts) + close
                    : open + "\n" + inner + String.join(",\n" + inner, parts) + "\n" + indent + close;
        }
        return value.toString();
    }

    private static String element(JsonNode value, boolean alike, String indent) {
        return alike ? of(value, indent) : "dyn(" + of(value, indent) + ")";
    }
}
