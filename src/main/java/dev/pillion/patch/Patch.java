package dev.pillion.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * A JSON Patch (RFC 6902). An injection consists of {@code add} operations, which replace an existing field of a map. Removing it takes
 * {@code remove} operations, and {@code replace} for a restored value.
 */
public record Patch(List<Operation> operations) {

    /** One operation. Its path is in the document that results from the operations before it. */
    public sealed interface Operation {

        Pointer path();

        /** The same operation for a document in which this one's document is at {@code base}. */
        Operation below(Pointer base);
    }

    /** RFC 6902, section 4.1. */
    public record Add(Pointer path, JsonNode value) implements Operation {

        @Override
        public Add below(Pointer base) {
            return new Add(path.below(base), value);
        }
    }

    /** RFC 6902, section 4.2: the element or field exists. */
    public record Remove(Pointer path) implements Operation {

        @Override
        public Remove below(Pointer base) {
            return new Remove(path.below(base));
        }
    }

    /** RFC 6902, section 4.3: the element or field exists. */
    public record Replace(Pointer path, JsonNode value) implements Operation {

        @Override
        public Replace below(Pointer base) {
            return new Replace(path.below(base), value);
        }
    }

    public Patch {
        operations = List.copyOf(operations);
    }

    /** The patch without operations. */
    public static Patch empty() {
        return new Patch(List.of());
    }

    public boolean isEmpty() {
        return operations.isEmpty();
    }

    /** The same operations for a document in which this patch's document is at {@code base}. */
    public Patch below(Pointer base) {
        return new Patch(
                operations.stream().map(operation -> operation.below(base)).toList());
    }

    /** This patch followed by one for the document that it results in. */
    public Patch then(Patch next) {
        return new Patch(
                Stream.concat(operations.stream(), next.operations.stream()).toList());
    }

    /**
     * The document that the patch results in.
     *
     * @param document is not changed
     */
    public JsonNode applyTo(JsonNode document) {
        JsonNode result = document.deepCopy();
        for (Operation operation : operations) {
            JsonNode owner = operation.path().parent().in(result);
            String last = operation.path().last();
            switch (operation) {
                case Add(var _, JsonNode value)
                when owner instanceof ArrayNode list ->
                    list.insert(last.equals("-") ? list.size() : Integer.parseInt(last), value.deepCopy());
                case Remove _ when owner instanceof ArrayNode list -> list.remove(Integer.parseInt(last));
                case Replace(var _, JsonNode value)
                when owner instanceof ArrayNode list -> list.set(Integer.parseInt(last), value.deepCopy());
                case Add(var _, JsonNode value) -> map(owner, operation).set(last, value.deepCopy());
                case Remove _ -> map(owner, operation).remove(last);
                case Replace(var _, JsonNode value) -> map(owner, operation).set(last, value.deepCopy());
            }
        }
        return result;
    }

    private static ObjectNode map(JsonNode owner, Operation operation) {
        if (owner instanceof ObjectNode map) {
            return map;
        }
        throw new IllegalArgumentException("nothing has a field at " + operation.path());
    }

    public ArrayNode toJson() {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(operations.size());
        for (Operation operation : operations) {
            ObjectNode object = array.addObject();
            switch (operation) {
                case Add(Pointer path, JsonNode value) ->
                    object.put("op", "add").put("path", path.toString()).set("value", value);
                case Remove(Pointer path) -> object.put("op", "remove").put("path", path.toString());
                case Replace(Pointer path, JsonNode value) ->
                    object.put("op", "replace").put("path", path.toString()).set("value", value);
            }
        }
        return array;
    }
}
