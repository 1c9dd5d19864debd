package dev.pillion.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** Rendered manifests by kind and name, without meaningless differences between the tools. */
record Rendered(Map<String, JsonNode> objects) {

    private static final String NAME = "app.kubernetes.io/name";
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final YAMLMapper SORTED = YAMLMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    static Rendered of(String manifests) {
        Map<String, JsonNode> objects = new TreeMap<>();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(manifests)) {
            while (documents.hasNext()) {
                if (documents.next() instanceof ObjectNode object) {
                    objects.put(
                            object.path("kind").asText() + " "
                                    + object.at("/metadata/name").asText(),
                            plain(object));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Rendered(objects);
    }

    Rendered without(String... names) {
        Map<String, JsonNode> others = new TreeMap<>(objects);
        List.of(names).forEach(others::remove);
        return new Rendered(others);
    }

    private static JsonNode plain(ObjectNode object) {
        for (JsonNode webhook : object.path("webhooks")) {
            if (webhook.path("clientConfig") instanceof ObjectNode config && config.has("caBundle")) {
                // Kustomize breaks long lines.
                config.put("caBundle", config.path("caBundle").asText().replaceAll("\\s", ""));
            }
        }
        plainLabels(object.path("metadata"));
        plainLabels(object.at("/spec/template/metadata"));
        sortByName(object.at("/spec/template/spec/volumes"));
        for (JsonNode container : object.at("/spec/template/spec/containers")) {
            List.of("env", "ports", "volumeMounts").forEach(list -> sortByName(container.path(list)));
            // The default of readOnly is false.
            container.path("volumeMounts").forEach(mount -> {
                if (mount instanceof ObjectNode fields
                        && !fields.path("readOnly").asBoolean()) {
                    fields.remove("readOnly");
                }
            });
        }
        return object;
    }

    /** An object as lines of text, for comparison. */
    String text(String object) {
        try {
            return SORTED.writeValueAsString(SORTED.treeToValue(objects.get(object), Object.class))
                    // Kustomize writes a whole number without a decimal point.
                    .replaceAll("(?m)(: -?\\d+)\\.0$", "$1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes labels that only say which tool created an object, and when. No selector uses them. */
    private static void plainLabels(JsonNode metadata) {
        if (metadata.path("labels") instanceof ObjectNode labels) {
            labels.retain(NAME, "grafana_dashboard");
        }
        // If no other label is left.
        if (metadata instanceof ObjectNode fields && fields.path("annotations") instanceof ObjectNode annotations) {
            annotations.remove("app.quarkus.io/quarkus-version");
            if (annotations.isEmpty()) {
                fields.remove("annotations");
            }
        }
    }

    private static void sortByName(JsonNode list) {
        if (list instanceof ArrayNode array) {
            List<JsonNode> sorted = StreamSupport.stream(array.spliterator(), false)
                    .sorted(Comparator.comparing(element -> element.path("name").asText()))
                    .toList();
            array.removeAll();
            array.addAll(sorted);
        }
    }
}
