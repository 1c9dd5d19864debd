package dev.pillion.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.apply.VariableSources;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keys of the ConfigMaps and Secrets among the manifests. */
public final class ManifestSources implements VariableSources {

    private static final Set<String> KINDS = Set.of("ConfigMap", "Secret");

    private final Map<String, Set<String>> keys = new HashMap<>();

    private ManifestSources() {}

    /** @param defaultNamespace the namespace of manifests without one */
    public static ManifestSources from(List<Manifest> manifests, String defaultNamespace) {
        ManifestSources sources = new ManifestSources();
        manifests.forEach(manifest -> sources.add(manifest.tree(), defaultNamespace));
        return sources;
    }

    private void add(JsonNode tree, String defaultNamespace) {
        if (Manifest.isList(tree)) {
            tree.path("items").forEach(item -> add(item, defaultNamespace));
            return;
        }
        String kind = tree.path("kind").asText();
        if (KINDS.contains(kind) && tree.path("apiVersion").asText().equals("v1")) {
            Set<String> names = new HashSet<>();
            for (String field : List.of("data", "stringData", "binaryData")) {
                tree.path(field).fieldNames().forEachRemaining(names::add);
            }
            String namespace = tree.path("metadata").path("namespace").asText(defaultNamespace);
            keys.put(key(namespace, kind, tree.path("metadata").path("name").asText()), names);
        }
    }

    @Override
    public Optional<Set<String>> keys(String namespace, String kind, String name) {
        return Optional.ofNullable(keys.get(key(namespace, kind, name)));
    }

    private static String key(String namespace, String kind, String name) {
        return namespace + "/" + kind + "/" + name;
    }
}
