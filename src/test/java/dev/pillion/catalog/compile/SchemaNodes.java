package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;

/** The elements of a JSON Schema (draft 7, which every editor supports). */
final class SchemaNodes {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private SchemaNodes() {}

    /** A file of one kind. */
    static ObjectNode document(String kind, String description, ObjectNode spec) {
        ObjectNode metadata = map("Kubernetes' own metadata.", List.of("name"));
        metadata.put("additionalProperties", true);
        properties(metadata)
                .set(
                        "name",
                        text("Lower-case letters, digits and hyphens.")
                                .put("pattern", "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"));
        ObjectNode document = NODES.objectNode()
                .put("$schema", "http://json-schema.org/draft-07/schema#")
                .put("title", kind);
        document.setAll(map(description, List.of("apiVersion", "kind", "metadata", "spec")));
        properties(document).set("apiVersion", NODES.objectNode().put("const", Header.API_VERSION));
        properties(document).set("kind", NODES.objectNode().put("const", kind));
        properties(document).set("metadata", metadata);
        properties(document).set("spec", spec);
        return document;
    }

    /** A map with the fields in its {@link #properties} only. */
    static ObjectNode map(String description, List<String> required) {
        ObjectNode map = described("object", description);
        if (!required.isEmpty()) {
            required.forEach(map.putArray("required")::add);
        }
        map.putObject("properties");
        map.put("additionalProperties", false);
        return map;
    }

    static ObjectNode properties(ObjectNode map) {
        return (ObjectNode) map.path("properties");
    }

    static ObjectNode list(String description, ObjectNode element) {
        return described("array", description).set("items", element);
    }

    static ObjectNode text(String description) {
        return described("string", description);
    }

    static ObjectNode flag(String description) {
        return described("boolean", description);
    }

    static ObjectNode integer(String description) {
        return described("integer", description);
    }

    static ObjectNode choice(String description, Collection<String> words) {
        ObjectNode choice = text(description);
        words.forEach(choice.putArray("enum")::add);
        return choice;
    }

    static ObjectNode anything() {
        return NODES.objectNode();
    }

    static ObjectNode reference(String definition) {
        return NODES.objectNode().put("$ref", "#/definitions/" + definition);
    }

    static ObjectNode ofTypes(String... types) {
        ArrayNode list = NODES.arrayNode();
        for (String type : types) {
            list.add(type);
        }
        return NODES.objectNode().set("type", list);
    }

    /** Draft 7 ignores a description beside a {@code $ref}. */
    static ObjectNode about(String description, ObjectNode schema) {
        ObjectNode described = NODES.objectNode().put("description", description);
        if (schema.has("$ref")) {
            described.putArray("allOf").add(schema);
            return described;
        }
        return described.setAll(schema);
    }

    private static ObjectNode described(String type, String description) {
        return NODES.objectNode().put("type", type).put("description", description);
    }
}
