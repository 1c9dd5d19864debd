package dev.pillion.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects removals from one document, emits operations that apply to it in order, and keeps the resulting document.
 *
 * <p>The counterpart of {@link PatchBuilder}: pointers are to the document that results from the operations so far.
 */
public final class RemovalBuilder {

    private final JsonNode document;
    private final List<Patch.Operation> operations = new ArrayList<>();

    /** @param document is not changed */
    public RemovalBuilder(JsonNode document) {
        this.document = document.deepCopy();
    }

    /** Removes a field or element, which exists. */
    public void remove(Pointer path) {
        switch (path.parent().in(document)) {
            case ObjectNode map -> map.remove(path.last());
            case ArrayNode list -> list.remove(Integer.parseInt(path.last()));
            default -> throw new IllegalArgumentException("nothing at " + path);
        }
        operations.add(new Patch.Remove(path));
    }

    /** Removes elements of a list by their indices, which are in ascending order. The last one is removed first, so that the others keep their indices. */
    public void removeElements(Pointer list, List<Integer> indices) {
        for (int index : indices.reversed()) {
            remove(list.child(index));
        }
    }

    /** Sets an existing field of a map to another value. */
    public void replace(Pointer path, JsonNode value) {
        if (!(path.parent().in(document) instanceof ObjectNode map)) {
            throw new IllegalArgumentException("no map at " + path.parent());
        }
        map.set(path.last(), value);
        operations.add(new Patch.Replace(path, value));
    }

    /** Whether nothing was removed or replaced so far. */
    public boolean isEmpty() {
        return operations.isEmpty();
    }

    /** The document that results from the operations so far. */
    public JsonNode document() {
        return document;
    }

    public Patch build() {
        return new Patch(operations);
    }
}
