package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Nearest;
import dev.pillion.expression.UnquotedExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the fields of one map of Pillion's own schema. What is not of the type it must be is reported and read as absent; every field
 * that nobody asked for by the time of {@link #refuseOthers()} is reported as unknown.
 */
final class Fields {

    private final JsonNode node;
    private final String path;
    private final Problems problems;
    private final Set<String> known = new TreeSet<>();

    Fields(JsonNode node, String path, Problems problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
        if (!node.isObject() && !node.isMissingNode()) {
            problems.accept(path, "must be a map");
        }
    }

    JsonNode tree() {
        return node;
    }

    String path() {
        return path;
    }

    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The field as it is; missing when it is absent or null. */
    JsonNode any(String name) {
        known.add(name);
        JsonNode value = node.path(name);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    private static String shown(JsonNode value) {
        return Excerpt.of(value.toString());
    }

    Optional<String> text(String name) {
        JsonNode value = any(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            problems.accept(
                    path(name),
                    UnquotedExpression.inTree(value)
                            .orElseGet(() -> "must be a string, is " + shown(value)
                                    + (value.isValueNode() ? "; put it in quotes" : "")));
            return Optional.empty();
        }
        return Optional.of(value.textValue());
    }

    String requiredText(String name) {
        JsonNode value = any(name);
        if (value.isMissingNode() || (value.isTextual() && value.textValue().isBlank())) {
            problems.accept(path(name), "is missing");
        }
        return text(name).orElse("");
    }

    boolean flag(String name, boolean otherwise) {
        JsonNode value = any(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            problems.accept(path(name), "must be true or false, is " + shown(value));
        }
        return value.asBoolean(otherwise);
    }

    Optional<Long> integer(String name) {
        JsonNode value = any(name);
        if (!value.isMissingNode() && !(value.isIntegralNumber() && value.canConvertToLong())) {
            problems.accept(path(name), "must be an integer, is " + shown(value));
            return Optional.empty();
        }
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.longValue());
    }

    int integer(String name, int otherwise) {
        JsonNode value = any(name);
        if (!value.isMissingNode() && !(value.isIntegralNumber() && value.canConvertToInt())) {
            problems.accept(path(name), "must be an integer, is " + shown(value));
            return otherwise;
        }
        return value.asInt(otherwise);
    }

    Fields map(String name) {
        return new Fields(any(name), path(name), problems);
    }

    List<JsonNode> list(String name) {
        JsonNode value = any(name);
        if (!value.isMissingNode() && !value.isArray()) {
            problems.accept(path(name), "must be a list");
            return List.of();
        }
        List<JsonNode> elements = new ArrayList<>(value.size());
        value.forEach(elements::add);
        return elements;
    }

    List<Fields> maps(String name) {
        List<Fields> maps = new ArrayList<>();
        List<JsonNode> elements = list(name);
        for (int index = 0; index < elements.size(); index++) {
            Fields map = new Fields(elements.get(index), path(name) + "[" + index + "]", problems);
            // What is no map has been reported, and has no fields that could be missing.
            if (elements.get(index).isObject()) {
                maps.add(map);
            }
        }
        return maps;
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        List<JsonNode> elements = list(name);
        for (int index = 0; index < elements.size(); index++) {
            if (elements.get(index).isTextual()) {
                texts.add(elements.get(index).textValue());
            } else {
                problems.accept(path(name) + "[" + index + "]", "must be a string, is " + shown(elements.get(index)));
            }
        }
        return texts;
    }

    /** A copy of the map without the fields that were asked for: what is left is Kubernetes' own. */
    ObjectNode others() {
        ObjectNode rest = node.isObject()
                ? node.deepCopy()
                : com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        rest.remove(known);
        return rest;
    }

    void refuseOthers() {
        Set<String> absent = new TreeSet<>(known);
        absent.removeIf(node::has);
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problems.accept(
                        path(name),
                        "unknown field '" + Excerpt.of(name) + "'"
                                + Nearest.to(name, known, absent, Synonyms.FIELDS)
                                        .map(near -> "; did you mean '" + near + "'?")
                                        .orElseGet(() -> Nearest.listing(known)));
            }
        });
    }
}
