package dev.pillion.catalog.parameter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Type;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The types of a profile's parameters: their form in an annotation and their type in expressions. */
public enum ParameterType {
    STRING(Scalar.STRING),
    INTEGER(Scalar.INTEGER),
    BOOLEAN(Scalar.BOOLEAN),
    /** A TCP or UDP port, 1 to 65535. */
    PORT(Scalar.INTEGER),
    /** An absolute directory or file in a container. */
    PATH(Scalar.STRING),
    /** Several different paths: separated by commas or lines, or a JSON list. */
    PATHS(new ListOf(Scalar.STRING)),
    /** A duration of Go and Kubernetes: {@code 90s}, {@code 1m30s}. */
    DURATION(Scalar.STRING),
    /** A Kubernetes resource quantity: {@code 100m}, {@code 64Mi}. */
    QUANTITY(Scalar.STRING),
    /** An image reference, as {@code registry.example/team/app:1.2}. */
    IMAGE(Scalar.STRING),
    /** One of the parameter's {@code values}. */
    ENUM(Scalar.STRING),
    /** Texts: separated by commas or lines, or a JSON list. */
    LIST(new ListOf(Scalar.STRING)),
    /** Texts by name: {@code KEY=value} pairs separated by commas or lines, or a JSON object. */
    MAP(new MapOf(Scalar.STRING)),
    /** Targets to wait for, separated by commas, spaces or lines. */
    ENDPOINTS(new ListOf(new Struct(ParameterType.ENDPOINT))),
    /** Requests and limits of the profile's containers: {@code guaranteed}, {@code cpu=100m,memory=64Mi}, {@code limits.memory=1Gi}. */
    RESOURCES(Scalar.ANY);

    public static final String ENDPOINT = "Endpoint";

    /** The fields of an endpoint in expressions. {@code name} is unique in the list and can be part of a container's name. */
    public static final Map<String, Type> ENDPOINT_FIELDS = Map.of(
            "scheme", Scalar.STRING,
            "host", Scalar.STRING,
            "port", Scalar.INTEGER,
            "path", Scalar.STRING,
            "address", Scalar.STRING,
            "url", Scalar.STRING,
            "name", Scalar.STRING);

    private final Type type;

    ParameterType(Type type) {
        this.type = type;
    }

    /** The type in expressions. */
    public Type type() {
        return type;
    }

    /** The name of the type in a profile. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<ParameterType> of(String word) {
        for (ParameterType type : values()) {
            if (type.word().equals(word)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    public static List<String> words() {
        List<String> words = new ArrayList<>();
        for (ParameterType type : values()) {
            words.add(type.word());
        }
        return words;
    }

    /** Reads the value of an annotation. */
    public JsonNode parse(String text) throws InvalidValueException {
        String value = text.strip();
        return switch (this) {
            case STRING, ENUM -> TextNode.valueOf(text);
            case INTEGER -> LongNode.valueOf(ScalarForms.integer(value));
            case BOOLEAN -> BooleanNode.valueOf(ScalarForms.truth(value));
            case PORT -> LongNode.valueOf(ScalarForms.port(value));
            case PATH -> TextNode.valueOf(ScalarForms.path(value));
            case PATHS -> CollectionForms.paths(CollectionForms.list(value));
            case DURATION -> TextNode.valueOf(ScalarForms.duration(value));
            case QUANTITY -> TextNode.valueOf(ScalarForms.quantity(value));
            case IMAGE -> TextNode.valueOf(ScalarForms.image(value));
            case LIST -> CollectionForms.list(value);
            case MAP -> CollectionForms.map(value);
            case RESOURCES -> ResourceForms.parse(value);
            case ENDPOINTS -> {
                ArrayNode endpoints = Endpoints.parse(value);
                if (endpoints.isEmpty()) {
                    throw new InvalidValueException(
                            "must name at least one target, such as postgres:5432 or dns://cache, is "
                                    + ScalarForms.quoted(value));
                }
                yield endpoints;
            }
        };
    }

    /** Reads the value of a profile or of an expression, as a YAML value or as text. */
    public JsonNode read(JsonNode tree) throws InvalidValueException {
        if (tree.isTextual()) {
            return parse(tree.textValue());
        }
        return switch (this) {
            case INTEGER, PORT, BOOLEAN -> parse(tree.isContainerNode() ? "a list or map" : tree.asText());
            case STRING, ENUM, PATH, DURATION, QUANTITY, IMAGE ->
                throw new InvalidValueException(
                        "must be a string, is " + shown(tree) + (tree.isValueNode() ? "; put it in quotes" : ""));
            case LIST, PATHS -> {
                if (!tree.isArray()) {
                    throw new InvalidValueException("must be a list, is " + shown(tree));
                }
                JsonNode texts = CollectionForms.texts(tree);
                yield this == PATHS ? CollectionForms.paths(texts) : texts;
            }
            case MAP -> {
                if (!tree.isObject()) {
                    throw new InvalidValueException("must be a map, is " + shown(tree));
                }
                yield CollectionForms.texts(tree);
            }
            case RESOURCES -> {
                if (!tree.isObject()) {
                    throw new InvalidValueException("must be a map of requests and limits, is " + shown(tree));
                }
                yield ResourceForms.read(tree);
            }
            case ENDPOINTS -> {
                if (!tree.isArray()) {
                    throw new InvalidValueException("must be a list of endpoints, is " + shown(tree));
                }
                StringBuilder targets = new StringBuilder();
                for (JsonNode element : tree) {
                    JsonNode target = element.isObject() ? element.path("url") : element;
                    if (!target.isTextual()) {
                        throw new InvalidValueException("must be a list of endpoints, contains " + shown(element));
                    }
                    targets.append(target.textValue()).append('\n');
                }
                yield Endpoints.parse(targets.toString());
            }
        };
    }

    /** The problem of a text in a profile; empty if it contains an expression, because its value is not known yet. */
    public Optional<String> problemOf(JsonNode text) {
        if (!text.isTextual() || text.textValue().contains("${")) {
            return Optional.empty();
        }
        try {
            parse(text.textValue());
            return Optional.empty();
        } catch (InvalidValueException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static String shown(JsonNode tree) {
        return Excerpt.of(tree.toString());
    }
}
