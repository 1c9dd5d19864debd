package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** All changes of one field of a Kubernetes object, at any depth: each field of the schema is changed, added or removed. */
final class SchemaChanges {

    private static final JsonNode STRUCTS = read();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private SchemaChanges() {}

    /**
     * @param path the field, without the indices of lists
     * @param what the kind of change
     * @param result the complete tree with the change
     */
    record Change(String path, String what, JsonNode result) {}

    /** The fields of a struct of Kubernetes. */
    static List<String> fields(String struct) {
        List<String> names = new ArrayList<>();
        STRUCTS.path(struct).fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** @param struct the type of the tree, for example {@code Container} */
    static List<Change> of(String struct, JsonNode tree) {
        return ofStruct(struct, tree, "");
    }

    private static List<Change> ofStruct(String struct, JsonNode tree, String path) {
        List<Change> changes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : STRUCTS.path(struct).properties()) {
            String name = field.getKey();
            String at = path.isEmpty() ? name : path + "." + name;
            for (Change change : ofType(field.getValue().asText(), tree.path(name), at)) {
                ObjectNode copy = tree.isObject() ? tree.deepCopy() : NODES.objectNode();
                copy.set(name, change.result());
                changes.add(new Change(change.path(), change.what(), copy));
            }
            if (tree.has(name)) {
                ObjectNode without = tree.deepCopy();
                without.remove(name);
                changes.add(new Change(at, "removed", without));
            }
        }
        return changes;
    }

    private static List<Change> ofType(String type, JsonNode value, String path) {
        return switch (type) {
            case "string" -> scalar(path, value, TextNode.valueOf(value.asText() + "x"));
            case "quantity" ->
                scalar(path, value, TextNode.valueOf(value.isMissingNode() ? "7" : "7" + value.asText()));
            case "integer", "number", "integerOrString" -> scalar(path, value, IntNode.valueOf(value.asInt() + 7));
            case "boolean" -> scalar(path, value, BooleanNode.valueOf(!value.asBoolean()));
            case "any" -> scalar(path, value, NODES.objectNode().put("x", 1));
            default ->
                switch (type.charAt(0)) {
                    case '[' -> ofList(type.substring(1, type.length() - 1), value, path);
                    case '{' -> ofMap(type.substring(1, type.length() - 1), value, path);
                    default -> ofStruct(type, value, path);
                };
        };
    }

    private static List<Change> scalar(String path, JsonNode before, JsonNode after) {
        return List.of(new Change(path, before.isMissingNode() ? "added" : "changed", after));
    }

    private static List<Change> ofList(String type, JsonNode list, String path) {
        List<Change> changes = new ArrayList<>();
        for (Change change : ofType(type, MissingNode.getInstance(), path)) {
            changes.add(new Change(change.path(), "appended", copy(list).add(change.result())));
        }
        for (int index = 0; index < list.size(); index++) {
            int at = index;
            ofType(type, list.get(index), path).forEach(change -> {
                ArrayNode copy = copy(list);
                copy.set(at, change.result());
                changes.add(new Change(change.path(), change.what() + " at " + at, copy));
            });
            ArrayNode without = copy(list);
            without.remove(index);
            changes.add(new Change(path, "removed at " + index, without));
            changes.add(new Change(path, "repeated at " + index, copy(list).add(list.get(index))));
        }
        return changes;
    }

    private static ArrayNode copy(JsonNode list) {
        return list.isArray() ? list.deepCopy() : NODES.arrayNode();
    }

    private static List<Change> ofMap(String type, JsonNode map, String path) {
        List<Change> changes = new ArrayList<>();
        for (Change change : ofType(type, MissingNode.getInstance(), path)) {
            ObjectNode copy = map.isObject() ? map.deepCopy() : NODES.objectNode();
            copy.set("x", change.result());
            changes.add(new Change(path, "added", copy));
        }
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            for (Change change : ofType(type, entry.getValue(), path)) {
                ObjectNode copy = map.deepCopy();
                copy.set(entry.getKey(), change.result());
                changes.add(new Change(path + "." + entry.getKey(), "changed", copy));
            }
            ObjectNode without = map.deepCopy();
            without.remove(entry.getKey());
            changes.add(new Change(path + "." + entry.getKey(), "removed", without));
        }
        return changes;
    }

    private static JsonNode read() {
        try (InputStream file = Objects.requireNonNull(
                SchemaChanges.class.getResourceAsStream("/dev/pillion/catalog/compile/kubernetes-schema.json"))) {
            return JsonMapper.builder().build().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
