package dev.pillion.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.NullValue;
import dev.pillion.expression.limit.LimitExceededException;
import dev.pillion.expression.limit.ValueLimits;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts between JSON and the values of CEL: string, long, double, boolean, list, map and null. */
public final class Values {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Values() {}

    /**
     * The CEL value of a JSON node, which must not change afterwards. A field that is null is absent, as in Kubernetes.
     */
    public static Object ofJson(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> node.textValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER ->
                node.isIntegralNumber() && node.canConvertToLong() ? (Object) node.longValue() : node.doubleValue();
            case ARRAY -> new JsonViews.Elements(node);
            case OBJECT -> new JsonViews.Fields(node);
            case NULL, MISSING -> NullValue.NULL_VALUE;
            case BINARY, POJO -> throw new IllegalArgumentException("not JSON: " + node.getNodeType());
        };
    }

    /**
     * The JSON of a CEL value.
     *
     * @throws IllegalArgumentException for a value without a form in JSON, such as bytes or a duration
     * @throws LimitExceededException for one that is too large
     */
    public static JsonNode toJson(Object value) {
        return new Writer().json(value);
    }

    /** Whether a string, a list or a map is larger than a result is allowed to be. */
    static boolean tooLarge(@Nullable Object value) {
        return switch (value) {
            case String text -> text.length() > ValueLimits.MAX_SIZE;
            case Collection<?> collection -> collection.size() > ValueLimits.MAX_SIZE;
            case JsonViews.Fields fields -> fields.sizeAtMost() > ValueLimits.MAX_SIZE;
            case Map<?, ?> map -> map.size() > ValueLimits.MAX_SIZE;
            case null, default -> false;
        };
    }

    /** Counts what it writes: lists that share elements are small in memory but can be huge as JSON. */
    private static final class Writer {

        private int size;

        JsonNode json(Object value) {
            count(1);
            return switch (value) {
                case String text -> {
                    count(text.length());
                    yield NODES.textNode(text);
                }
                case Boolean truth -> NODES.booleanNode(truth);
                case Long number -> NODES.numberNode(number);
                case Integer number -> NODES.numberNode(number.longValue());
                case Double number -> {
                    if (!Double.isFinite(number)) {
                        throw new IllegalArgumentException("the number " + number + " has no form in JSON");
                    }
                    yield NODES.numberNode(number);
                }
                case NullValue nothing -> NODES.nullNode();
                case List<?> list -> {
                    ArrayNode array = NODES.arrayNode();
                    for (Object element : list) {
                        array.add(json(element));
                    }
                    yield array;
                }
                case Map<?, ?> map -> {
                    ObjectNode object = NODES.objectNode();
                    for (Map.Entry<?, ?> field : map.entrySet()) {
                        String key = String.valueOf(field.getKey());
                        count(key.length());
                        object.set(key, json(field.getValue()));
                    }
                    yield object;
                }
                default ->
                    throw new IllegalArgumentException("a value of type "
                            + value.getClass().getSimpleName() + " cannot be written as JSON; wrap it in string(…)");
            };
        }

        private void count(int more) {
            size += more;
            if (size > ValueLimits.MAX_SIZE) {
                throw new LimitExceededException("the value has more than " + ValueLimits.MAX_SIZE + " characters");
            }
        }
    }
}
