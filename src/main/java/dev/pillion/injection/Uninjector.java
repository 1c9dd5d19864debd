package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Takes away what the status lists, and gives back the Pod as it was, to the field. */
public final class Uninjector {

    private final ObjectNode pod;
    private final Status status;

    private Uninjector(ObjectNode pod, Status status) {
        this.pod = pod;
        this.status = status;
    }

    /** The Pod's tree without what was injected; an equal copy when nothing was. */
    public static JsonNode uninject(Pod pod) {
        ObjectNode tree = pod.tree().deepCopy();
        if (pod.annotations().containsKey(Annotations.STATUS)) {
            new Uninjector(tree, Status.of(pod)).uninject();
        }
        return tree;
    }

    private void uninject() {
        ObjectNode spec = (ObjectNode) pod.path("spec");
        for (ContainerList list : ContainerList.values()) {
            remove(spec, list.field(), named(status.list(list)), "spec." + list.field());
            for (JsonNode container : spec.path(list.field())) {
                restore(
                        (ObjectNode) container,
                        list.field() + "." + container.path("name").asText());
            }
        }
        remove(spec, "volumes", named(status.volumes), "spec.volumes");
        remove(spec, "imagePullSecrets", named(status.imagePullSecrets), "spec.imagePullSecrets");
        if (pod.path("metadata") instanceof ObjectNode metadata) {
            restoreMetadata(metadata);
        }
        putBack(pod, "metadata", "metadata");
    }

    private void restore(ObjectNode container, String place) {
        String name = container.path("name").asText();
        Set<String> mounts = status.volumeMounts.getOrDefault(name, Set.of());
        remove(
                container,
                "volumeMounts",
                mount -> mounts.contains(VolumeMount.of(mount).directory()),
                place + ".volumeMounts");
        remove(container, "env", named(status.env.getOrDefault(name, Set.of())), place + ".env");
        Set<JsonNode> sources = status.envFrom.getOrDefault(name, Set.of());
        remove(container, "envFrom", sources::contains, place + ".envFrom");
    }

    private void restoreMetadata(ObjectNode metadata) {
        if (metadata.path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(status.annotations);
            annotations.remove(Annotations.STATUS);
            JsonNode safeToEvict = annotations.path(Annotations.SAFE_TO_EVICT);
            if (safeToEvict.isTextual()) {
                annotations.put(Annotations.SAFE_TO_EVICT, withoutAdded(safeToEvict.textValue()));
            }
        }
        if (metadata.path("labels") instanceof ObjectNode labels) {
            labels.remove(status.labels);
        }
        putBack(metadata, "annotations", "metadata.annotations");
        putBack(metadata, "labels", "metadata.labels");
    }

    /** What others wrote into the list is given back as it was written. */
    private String withoutAdded(String names) {
        return Arrays.stream(names.split(",", -1))
                .filter(name -> !status.safeToEvict.contains(name))
                .collect(Collectors.joining(","));
    }

    private void remove(ObjectNode owner, String field, Predicate<JsonNode> added, String place) {
        if (owner.path(field) instanceof ArrayNode list) {
            List<JsonNode> kept = new ArrayList<>(list.size());
            for (JsonNode element : list) {
                if (!added.test(element)) {
                    kept.add(element);
                }
            }
            list.removeAll();
            list.addAll(kept);
            putBack(owner, field, place);
        }
    }

    /** A list or map that Pillion made and that is empty again becomes what it was before. */
    private void putBack(ObjectNode owner, String field, String place) {
        if (!owner.path(field).isEmpty()) {
            return;
        }
        if (status.nulls.contains(place)) {
            owner.set(field, NullNode.getInstance());
        } else if (status.absent.contains(place)) {
            owner.remove(field);
        }
    }

    private static Predicate<JsonNode> named(Set<String> names) {
        return element -> names.contains(element.path("name").asText());
    }
}
