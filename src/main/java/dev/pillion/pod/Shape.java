package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A map at a path. Reads its fields, and reports a field of the wrong type. Absent fields and null are empty. */
record Shape(JsonNode node, String path) {

    static Shape of(JsonNode node, String path) throws MalformedPodException {
        JsonNode present = node.isNull() ? MissingNode.getInstance() : node;
        if (!present.isMissingNode() && !present.isObject()) {
            throw new MalformedPodException(path, "must be a map");
        }
        return new Shape(present, path);
    }

    Shape child(String name) throws MalformedPodException {
        return of(node.path(name), below(name));
    }

    /** A string; empty if it is absent. */
    String text(String name) throws MalformedPodException {
        JsonNode value = node.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
            throw new MalformedPodException(below(name), "must be a string, is " + shown(value) + "; put it in quotes");
        }
        return value.asText("");
    }

    boolean flag(String name) {
        return node.path(name).asBoolean(false);
    }

    List<Shape> list(String name) throws MalformedPodException {
        JsonNode value = node.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isArray()) {
            throw new MalformedPodException(below(name), "must be a list");
        }
        List<Shape> elements = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            String at = below(name) + "[" + elements.size() + "]";
            if (!element.isObject()) {
                throw new MalformedPodException(at, "must be a map");
            }
            elements.add(new Shape(element, at));
        }
        return elements;
    }

    /** The fields as a map of strings, for labels and annotations. */
    Map<String, String> texts() throws MalformedPodException {
        Map<String, String> texts = new LinkedHashMap<>(node.size() * 2);
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw new MalformedPodException(
                        path + "['" + field.getKey() + "']",
                        "must be a string, is " + shown(field.getValue()) + "; put it in quotes");
            }
            texts.put(field.getKey(), field.getValue().textValue());
        }
        return texts;
    }

    /** The value for a message, shortened. */
    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    private String below(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
