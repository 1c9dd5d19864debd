package dev.pillion.injection.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.pod.StoredForm;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A normal form of values in a Pod's spec. Values that mean the same to Kubernetes are equal in this form. */
public final class SpecValue {

    private SpecValue() {}

    public static boolean same(JsonNode one, JsonNode other) {
        return of(one).equals(of(other));
    }

    /** The value without nulls and other values that the API server omits, with sorted fields, and without the labels that the API server merges into the selector of a term. */
    public static JsonNode of(JsonNode value) {
        return switch (value) {
            case ObjectNode map -> ofMap(map);
            case ArrayNode list -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode(list.size());
                list.forEach(element -> copy.add(of(element)));
                yield copy;
            }
            case JsonNode number
            when number.isIntegralNumber() && number.canConvertToLong() ->
                number.canConvertToInt()
                        ? JsonNodeFactory.instance.numberNode(number.intValue())
                        : JsonNodeFactory.instance.numberNode(number.longValue());
            default -> value;
        };
    }

    private static ObjectNode ofMap(ObjectNode map) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : map.properties()) {
            // It is the default operator of a toleration, and no other field of a spec has this value.
            boolean isDefault = field.getKey().equals("operator")
                    && field.getValue().asText().equals("Equal");
            JsonNode value = of(field.getValue());
            if (!isDefault && !StoredForm.isDropped(field.getKey(), value)) {
                sorted.put(field.getKey(), value);
            }
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode().setAll(sorted);
        dropMergedLabels(copy);
        return copy;
    }

    /** The API server adds an expression to the selector for each of the matchLabelKeys (KEP-3243 and KEP-3633). */
    private static void dropMergedLabels(ObjectNode term) {
        Set<String> merged = new HashSet<>();
        term.path("matchLabelKeys").forEach(key -> merged.add(key.asText()));
        term.path("mismatchLabelKeys").forEach(key -> merged.add(key.asText()));
        if (merged.isEmpty() || !(term.path("labelSelector") instanceof ObjectNode selector)) {
            return;
        }
        ArrayNode own = JsonNodeFactory.instance.arrayNode();
        for (JsonNode expression : selector.path("matchExpressions")) {
            if (!merged.contains(expression.path("key").asText())) {
                own.add(expression);
            }
        }
        if (own.isEmpty()) {
            selector.remove("matchExpressions");
        } else {
            selector.set("matchExpressions", own);
        }
    }
}
