package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import java.util.function.Supplier;

/**
 * Reads the fields of one map of Pillion's own schema. A value of a wrong type is reported and read as absent. {@link #refuseOthers()} reports
 * each field that was not read before as unknown.
 *
 * <p>This class has more than 200 lines, because there is one short method for each type of field.
 */
final class Fields {

    private final JsonNode node;
    private final String path;
    private final Problems problems;
    private final Set<String> known;

    Fields(JsonNode node, String path, Problems problems) {
        this(node, path, problems, new TreeSet<>());
        if (!node.isObject() && !node.isMissingNode()) {
            problems.accept(path, "must be a map");
        }
    }

    private Fields(JsonNode node, String path, Problems problems, Set<String> known) {
        this.node = node;
        this.path = path;
        this.problems = problems;
        this.known = known;
    }

    /** The same fields, with problems that are in one part of a policy. */
    Fields in(PolicyPart part) {
        return new Fields(node, path, problems.in(part), known);
    }

    /** Reports a problem of a field. */
    void report(String name, String message) {
        problems.accept(path(name), message);
    }

    /** Reports a problem of a field. The message is only computed if the problem is listed. */
    void report(String name, Supplier<String> message) {
        problems.accept(path(name), message);
    }

    /** Reports a problem of an element of a list. The message is only computed if the problem is listed. */
    void report(String name, int index, Supplier<String> message) {
        problems.accept(path(name, index), message);
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

    String path(String name, int index) {
        return path(name) + "[" + index + "]";
    }

    /** The field as it is written; missing if it is absent or null. */
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

    boolean flag(String name, boolean defaultValue) {
        JsonNode value = any(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            problems.accept(path(name), "must be true or false, is " + shown(value));
        }
        return value.asBoolean(defaultValue);
    }

    Optional<Long> integer(String name) {
        JsonNode value = any(name);
        if (!value.isMissingNode() && !(value.isIntegralNumber() && value.canConvertToLong())) {
            problems.accept(path(name), "must be an integer, is " + shown(value));
            return Optional.empty();
        }
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.longValue());
    }

    int integer(String name, int defaultValue) {
        JsonNode value = any(name);
        if (!value.isMissingNode() && !(value.isIntegralNumber() && value.canConvertToInt())) {
            problems.accept(path(name), "must be an integer, is " + shown(value));
            return defaultValue;
        }
        return value.asInt(defaultValue);
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

    /** An element of a list. */
    Fields element(String name, int index) {
        return new Fields(any(name).path(index), path(name, index), problems);
    }

    List<Fields> maps(String name) {
        List<Fields> maps = new ArrayList<>();
        List<JsonNode> elements = list(name);
        for (int index = 0; index < elements.size(); index++) {
            Fields map = element(name, index);
            // An element that is no map has been reported, and has no fields.
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
                problems.accept(path(name, index), "must be a string, is " + shown(elements.get(index)));
            }
        }
        return texts;
    }

    /** A copy of the map without the fields that were read: Kubernetes' own fields. */
    ObjectNode others() {
        ObjectNode rest = node.isObject() ? node.deepCopy() : JsonNodeFactory.instance.objectNode();
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
                        () -> "unknown field '" + Excerpt.of(name) + "'"
                                + Nearest.to(name, known, absent, Synonyms.FIELDS)
                                        .map(near -> "; did you mean '" + near + "'?")
                                        .orElseGet(() -> Nearest.listing(known)));
            }
        });
    }
}
