package dev.pillion.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.util.Map;
import java.util.Optional;

/**
 * Checks whether a value fits the type of a field. The API server responds with 500 if it cannot decode a patched Pod, for example because of a
 * number in a field that is a string.
 */
final class Conformance {

    private final Schema schema;

    Conformance(Schema schema) {
        this.schema = schema;
    }

    /** The problem of the value with its place in the value; empty if the value fits. Unknown fields fit. */
    Optional<String> problem(JsonNode value, Type type) {
        return switch (type) {
            case Scalar scalar -> fits(value, scalar) ? Optional.empty() : Optional.of(mustBe(type, value));
            case ListOf(Type element) ->
                value.isArray() ? elementProblem(value, element) : Optional.of(mustBe(type, value));
            case MapOf(Type element) ->
                value.isObject() ? fieldProblem(value, name -> element) : Optional.of(mustBe(type, value));
            case Struct(String name) -> {
                Map<String, Type> fields = schema.fields(name);
                yield value.isObject()
                        ? fieldProblem(value, field -> fields.getOrDefault(field, Scalar.ANY))
                        : Optional.of(mustBe(type, value));
            }
        };
    }

    /** Whether a field of one type can have a result of another type. If the type is only known at evaluation, the value is checked then. */
    static boolean assignable(Type field, Type result) {
        if (result == Scalar.ANY || field == Scalar.ANY) {
            return true;
        }
        return switch (field) {
            case Scalar scalar ->
                switch (scalar) {
                    case ANY -> true;
                    case STRING, EXPANDED_STRING -> result == Scalar.STRING;
                    case INTEGER -> result == Scalar.INTEGER;
                    case NUMBER -> result == Scalar.INTEGER || result == Scalar.NUMBER;
                    case BOOLEAN -> result == Scalar.BOOLEAN;
                    case INTEGER_OR_STRING -> result == Scalar.INTEGER || result == Scalar.STRING;
                    case QUANTITY -> result == Scalar.INTEGER || result == Scalar.NUMBER || result == Scalar.STRING;
                };
            case ListOf(Type element) -> result instanceof ListOf(Type actual) && assignable(element, actual);
            case MapOf(Type element) -> result instanceof MapOf(Type actual) && assignable(element, actual);
            case Struct(String name) ->
                result instanceof MapOf || (result instanceof Struct(String actual) && variants(name, actual));
        };
    }

    /** Whether the structures are the same except for the app's variant: {@code EnvVar} and {@code AppEnvVar} have the same fields. */
    private static boolean variants(String one, String other) {
        return one.replaceFirst("^App(?=[EV])", "").equals(other.replaceFirst("^App(?=[EV])", ""));
    }

    /** Doubles each {@code $} in strings in which the kubelet expands {@code $(NAME)}, so that the container gets the original value. */
    JsonNode escaped(JsonNode value, Type type) {
        return switch (type) {
            case Scalar scalar ->
                scalar == Scalar.EXPANDED_STRING && value.isTextual()
                        ? TextNode.valueOf(escaped(value.textValue()))
                        : value;
            case ListOf(Type element) -> {
                ArrayNode list = JsonNodeFactory.instance.arrayNode(value.size());
                value.forEach(item -> list.add(escaped(item, element)));
                yield list;
            }
            case MapOf(Type element) -> escapedFields(value, Map.of(), element);
            case Struct(String name) -> escapedFields(value, schema.fields(name), Scalar.ANY);
        };
    }

    static String escaped(String text) {
        return text.replace("$", "$$");
    }

    private JsonNode escapedFields(JsonNode value, Map<String, Type> fields, Type otherwise) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        value.properties()
                .forEach(field -> object.set(
                        field.getKey(), escaped(field.getValue(), fields.getOrDefault(field.getKey(), otherwise))));
        return object;
    }

    private Optional<String> elementProblem(JsonNode list, Type element) {
        for (int index = 0; index < list.size(); index++) {
            String place = "[" + index + "]";
            Optional<String> problem = problem(list.get(index), element).map(found -> below(place, found));
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private Optional<String> fieldProblem(JsonNode object, java.util.function.Function<String, Type> typeOf) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            Optional<String> problem = problem(field.getValue(), typeOf.apply(field.getKey()))
                    .map(found -> below("." + field.getKey(), found));
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static boolean fits(JsonNode value, Scalar scalar) {
        return switch (scalar) {
            case ANY -> true;
            case STRING, EXPANDED_STRING -> value.isTextual();
            case INTEGER -> value.isIntegralNumber();
            case NUMBER -> value.isNumber();
            case BOOLEAN -> value.isBoolean();
            case INTEGER_OR_STRING -> value.isIntegralNumber() || value.isTextual();
            case QUANTITY -> value.isNumber() || value.isTextual();
        };
    }

    private static String below(String place, String problem) {
        return problem.startsWith("must be ") ? place + " " + problem : place + problem;
    }

    private static String mustBe(Type type, JsonNode value) {
        return "must be " + type + ", is " + describe(value);
    }

    private static String describe(JsonNode value) {
        JsonNodeType type = value.getNodeType();
        return switch (type) {
            case ARRAY -> "a list";
            case OBJECT -> "a map";
            case NULL, MISSING -> "empty";
            case BOOLEAN -> "the boolean " + value;
            case NUMBER -> "the number " + value;
            case STRING -> "the string \"" + shortened(value.textValue()) + "\"";
            case BINARY, POJO -> type.name();
        };
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
