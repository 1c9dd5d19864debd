package dev.pillion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.yaml.YamlWriter;
import java.util.List;

/** How manifests are printed. */
enum ManifestFormat {
    /** The text of the input, with the additions; where the input is JSON, this is JSON as well. */
    YAML {
        @Override
        Printed print(List<ChangedManifest> manifests) {
            return ManifestText.print(manifests);
        }
    },
    /** JSON has no multi-document form: several become one {@code List}, and lists among them are opened. */
    JSON {
        @Override
        Printed print(List<ChangedManifest> manifests) {
            List<JsonNode> trees = manifests.stream().map(ChangedManifest::tree).toList();
            return new Printed(YamlWriter.json(trees.size() == 1 ? trees.getFirst() : list(trees)), List.of());
        }
    };

    abstract Printed print(List<ChangedManifest> manifests);

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
