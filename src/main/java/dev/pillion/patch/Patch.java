package dev.pillion.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/** A JSON Patch, RFC 6902. All of Pillion's operations are {@code add}, which on an existing field of a map sets it anew. */
public record Patch(List<Add> operations) {

    /** RFC 6902, section 4.1. */
    public record Add(Pointer path, JsonNode value) {}

    public Patch {
        operations = List.copyOf(operations);
    }

    public boolean isEmpty() {
        return operations.isEmpty();
    }

    /** The same operations for a document in which this patch's document stands at {@code base}. */
    public Patch below(Pointer base) {
        return new Patch(operations.stream()
                .map(add -> new Add(add.path().below(base), add.value()))
                .toList());
    }

    public ArrayNode toJson() {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(operations.size());
        for (Add add : operations) {
            array.addObject()
                    .put("op", "add")
                    .put("path", add.path().toString())
                    .set("value", add.value());
        }
        return array;
    }
}
