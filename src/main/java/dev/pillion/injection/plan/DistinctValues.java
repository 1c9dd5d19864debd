package dev.pillion.injection.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values of a Pod's spec, each once, in the form of {@link SpecValue}. They are told apart by their text: trees have no order, so a hash
 * set of many trees with the same hash takes quadratic time, and anyone can write such trees.
 */
public final class DistinctValues {

    private final Map<String, JsonNode> byText = new LinkedHashMap<>();

    /** Those of a list, or of what a status lists. */
    public static DistinctValues of(Iterable<JsonNode> elements) {
        DistinctValues values = new DistinctValues();
        elements.forEach(element -> values.add(SpecValue.of(element)));
        return values;
    }

    /** Whether it was not there yet. */
    public boolean add(JsonNode value) {
        return byText.putIfAbsent(value.toString(), value) == null;
    }

    /** Whether it was there. */
    public boolean remove(JsonNode value) {
        return byText.remove(value.toString()) != null;
    }

    public void removeAll(DistinctValues others) {
        byText.keySet().removeAll(others.byText.keySet());
    }

    public boolean contains(JsonNode value) {
        return byText.containsKey(value.toString());
    }

    public boolean isEmpty() {
        return byText.isEmpty();
    }

    public JsonNode first() {
        return byText.values().iterator().next();
    }
}
