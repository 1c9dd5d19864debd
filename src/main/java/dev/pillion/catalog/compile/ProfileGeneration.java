package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.pod.DnsLabel;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Computes the generation of a profile: a hash of the fields that affect additions, and which Pods and values are accepted. Descriptions, the
 * messages of guards, {@code warnWhen}, {@link dev.pillion.catalog.GenerationSettings}, metadata and the order of a map's fields are left out, so that a change of these neither changes the
 * status of a Pod nor counts as a changed request.
 */
final class ProfileGeneration {

    /** Maps below these fields keep their order, because it affects the text of a file and the order of variables. */
    private static final Set<String> ORDERED = Set.of("content", "default");

    private ProfileGeneration() {}

    static String of(JsonNode spec) {
        JsonNode rendered = spec.deepCopy();
        removeField(rendered, "description");
        removeField(rendered, "warnWhen");
        removeField(rendered, "pinnable");
        removeField(rendered, "historyLimit");
        removeField(rendered, "percentage");
        rendered.path("parameters").forEach(parameter -> removeField(parameter, "description"));
        rendered.path("skipWhen").forEach(guard -> removeField(guard, "message"));
        return DnsLabel.hash(sorted(rendered).toString());
    }

    private static void removeField(JsonNode tree, String field) {
        if (tree instanceof ObjectNode map) {
            map.remove(field);
        }
    }

    private static JsonNode sorted(JsonNode tree) {
        return switch (tree) {
            case ObjectNode map -> {
                Map<String, JsonNode> fields = new TreeMap<>();
                map.properties()
                        .forEach(field -> fields.put(
                                field.getKey(),
                                ORDERED.contains(field.getKey()) ? field.getValue() : sorted(field.getValue())));
                yield new ObjectNode(JsonNodeFactory.instance, fields);
            }
            case ArrayNode list -> {
                ArrayNode elements = JsonNodeFactory.instance.arrayNode(list.size());
                list.forEach(element -> elements.add(sorted(element)));
                yield elements;
            }
            default -> tree;
        };
    }
}
