package dev.pillion.cli.option;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.manifest.ChangedManifest;
import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.manifest.ManifestText;
import dev.pillion.cli.manifest.PrintedManifest;
import dev.pillion.yaml.YamlWriter;
import java.util.List;

/** A format of printed manifests. */
public enum ManifestFormat {
    /** The text of the input with the additions. JSON input stays JSON. */
    YAML {
        @Override
        public PrintedManifest print(List<ChangedManifest> manifests) {
            return ManifestText.print(manifests);
        }
    },
    /** JSON has no multi-document form: several documents become one {@code List}, which also contains the items of lists among them. */
    JSON {
        @Override
        public PrintedManifest print(List<ChangedManifest> manifests) {
            List<JsonNode> trees = manifests.stream().map(ChangedManifest::tree).toList();
            return new PrintedManifest(YamlWriter.json(trees.size() == 1 ? trees.getFirst() : list(trees)), List.of());
        }
    };

    public abstract PrintedManifest print(List<ChangedManifest> manifests);

    @Override
    public String toString() {
        return Keywords.of(this);
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
