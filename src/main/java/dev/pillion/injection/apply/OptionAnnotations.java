package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.plan.StatusBuilder;
import dev.pillion.injection.uninject.Uninjector;
import dev.pillion.patch.Patch;
import dev.pillion.patch.PatchBuilder;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Pod;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Annotations that options of the command line add to a Pod before it is injected.
 *
 * @param pod the Pod with these annotations
 * @param patch adds the annotations
 * @param before the earlier value of each annotation; null when it did not exist
 * @param created the maps of the metadata that the patch creates
 */
public record OptionAnnotations(
        Pod pod, Patch patch, Map<String, @Nullable String> before, Map<Pointer, PatchBuilder.Before> created) {

    private static final Pointer ANNOTATIONS = Pointer.of("metadata", "annotations");

    public static OptionAnnotations addedTo(Pod pod, Map<String, String> annotations) {
        if (annotations.isEmpty()) {
            return new OptionAnnotations(pod, Patch.empty(), Map.of(), Map.of());
        }
        PatchBuilder patch = new PatchBuilder(pod.tree());
        Map<String, @Nullable String> before = new LinkedHashMap<>();
        annotations.forEach((name, value) -> {
            if (!value.equals(pod.annotations().get(name))) {
                patch.put(ANNOTATIONS, name, TextNode.valueOf(value));
                before.put(name, pod.annotations().get(name));
            }
        });
        return new OptionAnnotations(with(pod, annotations), patch.build(), before, patch.created());
    }

    /** The same status, with what {@link Uninjector} needs to restore the annotations. */
    public Status recordedIn(Status status) {
        StatusBuilder recorded = StatusBuilder.of(status);
        before.forEach((name, value) -> {
            // The value that an earlier injection replaced is the original one.
            if (!recorded.options.containsKey(name)) {
                recorded.options.put(name, value);
            }
        });
        PodEdit.recordCreated(created, pod, recorded);
        return recorded.build();
    }

    private static Pod with(Pod pod, Map<String, String> annotations) {
        ObjectNode tree = copy(pod.tree());
        ObjectNode metadata = copy(tree.path("metadata"));
        ObjectNode all = copy(metadata.path("annotations"));
        annotations.forEach(all::put);
        metadata.set("annotations", all);
        tree.set("metadata", metadata);
        Map<String, String> read = new LinkedHashMap<>(pod.annotations());
        read.putAll(annotations);
        return new Pod(
                pod.name(),
                pod.owner(),
                pod.labels(),
                read,
                pod.initContainers(),
                pod.containers(),
                pod.ephemeralContainers(),
                pod.volumes(),
                tree);
    }

    /** A shallow copy of a map; an empty map if it is null or missing. */
    private static ObjectNode copy(JsonNode map) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        map.properties().forEach(field -> copy.set(field.getKey(), field.getValue()));
        return copy;
    }
}
