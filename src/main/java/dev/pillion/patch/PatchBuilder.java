package dev.pillion.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Collects additions to one document and emits operations that apply to it in order.
 *
 * <p>A list or map that is absent or {@code null} in the document is created by one operation that contains all its additions. Pointers are to
 * the document at that moment. An insertion moves the elements after it, so elements of a list are changed before insertions into the list.
 */
public final class PatchBuilder {

    /** The state in the document of a list or map that the patch creates. */
    public enum Before {
        ABSENT,
        NULL
    }

    private final JsonNode document;
    private final List<Patch.Operation> operations = new ArrayList<>();

    /** The lists and maps in the values of operations. Additions to them change these values. */
    private final Map<Pointer, ContainerNode<?>> carried = new HashMap<>();

    private final Map<Pointer, Before> before = new LinkedHashMap<>();

    public PatchBuilder(JsonNode document) {
        this.document = document;
    }

    /** Adds at the end of a list. */
    public void append(Pointer list, JsonNode value) {
        if (ensure(list, JsonNodeFactory.instance::arrayNode)) {
            ((ArrayNode) carriedAt(list)).add(value);
        } else {
            operations.add(new Patch.Add(list.child("-"), value));
        }
    }

    /** Inserts into a list, before the element that has this index now. */
    public void insert(Pointer list, int index, JsonNode value) {
        if (ensure(list, JsonNodeFactory.instance::arrayNode)) {
            ((ArrayNode) carriedAt(list)).insert(index, value);
        } else {
            operations.add(new Patch.Add(list.child(index), value));
        }
    }

    /** Sets a field of a map. Replaces the field if the map has it. */
    public void put(Pointer map, String field, JsonNode value) {
        JsonNode own = value.deepCopy();
        if (ensure(map, JsonNodeFactory.instance::objectNode)) {
            ((ObjectNode) carriedAt(map)).set(field, own);
        } else {
            operations.add(new Patch.Add(map.child(field), own));
        }
        carry(map.child(field), own);
    }

    /** Creates an empty map if there is none. */
    public void ensureMap(Pointer map) {
        ensure(map, JsonNodeFactory.instance::objectNode);
    }

    /** Whether nothing was added so far. */
    public boolean isEmpty() {
        return operations.isEmpty();
    }

    /** The lists and maps that the document did not have. */
    public Map<Pointer, Before> created() {
        return java.util.Collections.unmodifiableMap(before);
    }

    public Patch build() {
        return new Patch(operations);
    }

    /** Creates the list or map if it is absent or null. Returns whether this patch creates it. */
    private boolean ensure(Pointer pointer, Supplier<ContainerNode<?>> empty) {
        if (carried.containsKey(pointer)) {
            return true;
        }
        JsonNode present = pointer.in(document);
        if (!present.isMissingNode() && !present.isNull()) {
            return false;
        }
        put(pointer.parent(), pointer.last(), empty.get());
        before.put(pointer, present.isNull() ? Before.NULL : Before.ABSENT);
        return true;
    }

    private void carry(Pointer pointer, JsonNode value) {
        if (value instanceof ContainerNode<?> container) {
            carried.put(pointer, container);
            value.properties().forEach(field -> carry(pointer.child(field.getKey()), field.getValue()));
        }
    }

    private ContainerNode<?> carriedAt(Pointer pointer) {
        return java.util.Objects.requireNonNull(carried.get(pointer));
    }
}
