package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Indexes the elements of a list by a text, so that many lookups in a long list take linear time. */
public final class ListIndex {

    private final Function<JsonNode, String> key;
    private final Map<String, List<JsonNode>> elements = new HashMap<>();

    private ListIndex(JsonNode list, Function<JsonNode, String> key) {
        this.key = key;
        for (JsonNode element : list) {
            elements.computeIfAbsent(key.apply(element), unused -> new ArrayList<>(1))
                    .add(element);
        }
    }

    public static ListIndex byName(JsonNode list) {
        return by("name", list);
    }

    /** By the text of a field. */
    static ListIndex by(String field, JsonNode list) {
        return new ListIndex(list, element -> element.path(field).asText());
    }

    /** Indexes sources of environment variables by their ConfigMap or Secret. */
    public static ListIndex bySource(JsonNode list) {
        return new ListIndex(
                list,
                element -> element.path("configMapRef").path("name").asText() + "/"
                        + element.path("secretRef").path("name").asText());
    }

    /** The elements with this text, in their order. */
    public List<JsonNode> get(String text) {
        return elements.getOrDefault(text, List.of());
    }

    /** The elements with the same text as this element. */
    public List<JsonNode> like(JsonNode element) {
        return get(key.apply(element));
    }

    /** Whether an element with the same text has all wanted fields. */
    public boolean contains(JsonNode wanted, SubsetMatcher matcher) {
        for (JsonNode element : like(wanted)) {
            if (matcher.matches(wanted, element)) {
                return true;
            }
        }
        return false;
    }
}
