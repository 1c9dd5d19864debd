package dev.pillion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.yaml.YamlWriter;
import java.util.List;
import java.util.stream.Collectors;

/** How manifests are printed. */
enum ManifestFormat {
    YAML {
        @Override
        String print(List<JsonNode> manifests) {
            return manifests.stream().map(YamlWriter::yaml).collect(Collectors.joining("---\n"));
        }
    },
    /** JSON has no multi-document form: several become one {@code List}, and lists among them are opened. */
    JSON {
        @Override
        String print(List<JsonNode> manifests) {
            return YamlWriter.json(manifests.size() == 1 ? manifests.getFirst() : list(manifests));
        }
    };

    abstract String print(List<JsonNode> manifests);

    @Override
    public String toString() {
        return Words.of(this);
    }

    private static JsonNode list(List<JsonNode> manifests) {
        ObjectNode list =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "List");
        ArrayNode items = list.putArray("items");
        for (JsonNode manifest : manifests) {
            if (Manifest.isList(manifest)) {
                manifest.path("items").forEach(items::add);
            } else {
                items.add(manifest);
            }
        }
        return list;
    }
}
