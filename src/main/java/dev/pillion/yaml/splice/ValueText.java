package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Writes new values in the layout of a document. */
final class ValueText {

    private final Layout layout;

    ValueText(Layout layout) {
        this.layout = layout;
    }

    /** The lines of an entry of a block mapping. */
    List<String> entry(String key, JsonNode value, int column) {
        return headed(" ".repeat(column) + ScalarText.yaml(key) + ":", value, column, column + layout.step());
    }

    /** The lines of an item of a block sequence. */
    List<String> item(JsonNode value, int column) {
        String dash = " ".repeat(column) + "-";
        if (!isBlock(value)) {
            return headed(dash, value, column, column + layout.item());
        }
        int inner = column + layout.item();
        List<String> lines = new ArrayList<>(block(value, inner));
        lines.set(0, dash + " ".repeat(layout.item() - 1) + lines.getFirst().substring(inner));
        return lines;
    }

    /** The lines of a mapping or a sequence in block style. */
    List<String> block(JsonNode collection, int column) {
        List<String> lines = new ArrayList<>();
        if (collection instanceof ObjectNode map) {
            map.properties().forEach(field -> lines.addAll(entry(field.getKey(), field.getValue(), column)));
        } else {
            collection.forEach(element -> lines.addAll(item(element, column)));
        }
        return lines;
    }

    /** Whether a value is written in block style: a collection that is not empty. */
    static boolean isBlock(JsonNode value) {
        return value.isContainerNode() && !value.isEmpty();
    }

    /** The column of the dashes of a sequence below a key, or of the keys of a mapping. */
    int below(JsonNode collection, int column) {
        return column + (collection.isArray() ? layout.dash() : layout.step());
    }

    private List<String> headed(String head, JsonNode value, int column, int textColumn) {
        List<String> lines = new ArrayList<>();
        if (isBlock(value)) {
            lines.add(head);
            lines.addAll(block(value, below(value, column)));
        } else if (value.isTextual() && fitsLiteral(value.textValue())) {
            String text = value.textValue();
            lines.add(head + (text.endsWith("\n") ? " |" : " |-"));
            text.lines().forEach(line -> lines.add(line.isEmpty() ? "" : " ".repeat(textColumn) + line));
        } else {
            lines.add(head + " " + flow(value));
        }
        return lines;
    }

    /** Whether a string with several lines is unchanged after it is read from a literal block. */
    private static boolean fitsLiteral(String text) {
        return text.contains("\n")
                && !text.endsWith("\n\n")
                && ScalarText.isPrintable(text)
                && text.lines().noneMatch(line -> line.startsWith("\t") || (line.isBlank() && !line.isEmpty()))
                && !text.startsWith(" ")
                && !text.startsWith("\n");
    }

    /** Writes a value on one line. */
    String flow(JsonNode value) {
        String comma = layout.json() ? layout.comma() : ", ";
        if (value instanceof ObjectNode map) {
            return map.properties().stream()
                    .map(field -> flowEntry(field.getKey(), field.getValue()))
                    .collect(Collectors.joining(comma, "{", "}"));
        }
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(this::flow)
                    .collect(Collectors.joining(comma, "[", "]"));
        }
        return layout.json() ? ScalarText.json(value) : ScalarText.yaml(value);
    }

    String flowEntry(String key, JsonNode value) {
        return key(key) + flow(value);
    }

    /** Writes JSON on several lines. */
    String pretty(JsonNode value, String indentation, String lineBreak) {
        if (!isBlock(value)) {
            return flow(value);
        }
        String inner = indentation + layout.unit();
        String separator = "," + lineBreak + inner;
        if (value instanceof ObjectNode map) {
            return map.properties().stream()
                    .map(field -> prettyEntry(field.getKey(), field.getValue(), inner, lineBreak))
                    .collect(Collectors.joining(separator, "{" + lineBreak + inner, lineBreak + indentation + "}"));
        }
        return StreamSupport.stream(value.spliterator(), false)
                .map(element -> pretty(element, inner, lineBreak))
                .collect(Collectors.joining(separator, "[" + lineBreak + inner, lineBreak + indentation + "]"));
    }

    String prettyEntry(String key, JsonNode value, String indentation, String lineBreak) {
        return key(key) + pretty(value, indentation, lineBreak);
    }

    private String key(String key) {
        return layout.json() ? ScalarText.quoted(key) + layout.colon() : ScalarText.yaml(key) + ": ";
    }
}
