package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** The namespace of a Pod. */
public record Namespace(String name, Map<String, String> labels, Map<String, String> annotations) {

    /** The label of strict namespaces, in which Pods that do not comply with policies in mode Enforce are denied. */
    public static final String ENFORCEMENT = "pillion.dev/enforcement";

    public static final String STRICT = "strict";

    public Namespace {
        // Map.copyOf takes quadratic time for names whose hashes collide.
        labels = Collections.unmodifiableMap(new HashMap<>(labels));
        annotations = Collections.unmodifiableMap(new HashMap<>(annotations));
    }

    /** A namespace without known labels, except the one that Kubernetes sets on every namespace. */
    public static Namespace named(String name) {
        return new Namespace(name, Map.of("kubernetes.io/metadata.name", name), Map.of());
    }

    /**
     * A namespace from its manifest.
     *
     * @throws MalformedPodException if its metadata is not valid
     */
    public static Namespace of(JsonNode manifest) throws MalformedPodException {
        Shape metadata = Shape.of(manifest, "").child("metadata");
        String name = metadata.text("name");
        Map<String, String> labels = new HashMap<>(metadata.child("labels").texts());
        labels.putIfAbsent("kubernetes.io/metadata.name", name);
        return new Namespace(name, labels, metadata.child("annotations").texts());
    }

    /** Whether Pods that do not comply with policies in mode Enforce are denied and not only warned about. */
    public boolean strict() {
        return STRICT.equals(labels.get(ENFORCEMENT));
    }

    /** The namespace as a Kubernetes object, for expressions. */
    public JsonNode toJson() {
        ObjectNode namespace = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = namespace.putObject("metadata").put("name", name);
        labels.forEach(metadata.putObject("labels")::put);
        annotations.forEach(metadata.putObject("annotations")::put);
        return namespace;
    }
}
