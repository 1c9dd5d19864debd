package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.pod.VolumeMount;

/** A companion's container while it gets mounts and variables. */
record ContainerTree(ObjectNode tree) {

    /** A copy whose mounts and variables can be changed. It shares all other fields with the original. */
    static ContainerTree copyOf(ObjectNode original) {
        ObjectNode copy = original.objectNode().setAll(original);
        if (original.path("volumeMounts") instanceof ArrayNode mounts) {
            copy.set("volumeMounts", mounts.deepCopy());
        }
        if (original.path("env") instanceof ArrayNode variables) {
            copy.set("env", original.arrayNode(variables.size()).addAll(variables));
        }
        return new ContainerTree(copy);
    }

    /** Adds a mount, unless the profile itself mounts something at the same directory. */
    void mount(ObjectNode mount) {
        ArrayNode mounts =
                tree.path("volumeMounts") instanceof ArrayNode present ? present : tree.putArray("volumeMounts");
        for (JsonNode present : mounts) {
            if (directory(present).equals(directory(mount))) {
                if (!mount.has("readOnly") && present.path("name").equals(mount.path("name"))) {
                    ((ObjectNode) present).remove("readOnly");
                }
                return;
            }
        }
        mounts.add(mount);
    }

    private static String directory(JsonNode mount) {
        return VolumeMount.directory(mount.path("mountPath").asText());
    }
}
