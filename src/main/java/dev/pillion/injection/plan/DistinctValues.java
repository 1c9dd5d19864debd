package dev.pillion.injection.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values of a Pod's spec without duplicates, in the form of {@link SpecValue}. They are compared by their text. Trees have no order, so a hash set
 * of many trees with the same hash takes quadratic time, and anyone can write such trees.
 */
public final class DistinctValues {

    private final Map<String, JsonNode> byText = new LinkedHashMap<>();

    /** The distinct elements of a list. */
    public static DistinctValues of(Iterable<JsonNode> elements) {
        DistinctValues values = new DistinctValues();
        elements.forEach(element -> values.add(SpecValue.of(element)));
        return values;
    }

    /** Returns true if the value is new. */
    public boolean add(JsonNode value) {
        return byText.putIfAbsent(value.toString(), value) == null;
    }

    /** Returns true if the value was present. */
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

    /** In the order in which they were added. */
    public Collection<JsonNode> elements() {
        return Collections.unmodifiableCollection(byText.values());
    }

    public JsonNode first() {
        return byText.values().iterator().next();
    }
}
