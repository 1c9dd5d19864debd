package dev.pillion.cli.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.manifest.Manifest.PlacedObject;
import java.util.ArrayList;
import java.util.List;

/** The objects of an input. */
final class InputObjects implements NamespaceObjects {

    private final List<PlacedObject> objects = new ArrayList<>();
    private final String defaultNamespace;

    /** @param defaultNamespace the namespace of objects without one */
    InputObjects(List<Manifest> manifests, String defaultNamespace) {
        manifests.forEach(manifest -> objects.addAll(manifest.objects()));
        this.defaultNamespace = defaultNamespace;
    }

    @Override
    public List<JsonNode> in(String namespace, String kind) {
        List<JsonNode> found = new ArrayList<>();
        for (PlacedObject object : objects) {
            if (object.kind().equals(kind)
                    && object.apiVersion().equals("v1")
                    && object.tree()
                            .path("metadata")
                            .path("namespace")
                            .asText(defaultNamespace)
                            .equals(namespace)) {
                found.add(object.tree());
            }
        }
        return found;
    }
}
