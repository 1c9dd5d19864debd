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
 * Whether a value fits the field that it is meant for. The API server answers 500 when a patched Pod does not decode, so a number
 * must never end up where Kubernetes has a string.
 */
final class Conformance {

    private final Schema schema;

    Conformance(Schema schema) {
        this.schema = schema;
    }

    /** What is wrong with the value, at which place below it; empty when it fits. Fields that the schema does not know fit. */
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

    /** Whether a result of one type may fill a field of another. What is known only at evaluation may; it is checked then. */
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

    /** Whether one of the structures is the other, or that for the app: {@code EnvVar} and {@code AppEnvVar} have the same fields. */
    private static boolean variants(String one, String other) {
        return one.replaceFirst("^App(?=[EV])", "").equals(other.replaceFirst("^App(?=[EV])", ""));
    }

    /** The value with every {@code $} doubled where the kubelet would expand {@code $(NAME)}, so that it arrives as it is. */
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
