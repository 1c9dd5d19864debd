package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One container of a Pod.
 *
 * @param list the list of the Pod that contains it
 * @param index its index in that list
 * @param environment the names of its own environment variables
 * @param tree the container as JSON
 */
public record Container(
        ContainerList list,
        int index,
        String name,
        Set<String> environment,
        List<VolumeMount> volumeMounts,
        JsonNode tree) {

    /** Whether it is an init container that runs beside the app: one with {@code restartPolicy: Always} (KEP-753). */
    public boolean nativeSidecar() {
        return list == ContainerList.INIT_CONTAINERS
                && tree.path("restartPolicy").asText().equals("Always");
    }

    /** The same container with other fields. Its variables and mounts must be valid. */
    public Container with(JsonNode other) {
        Set<String> variables = new HashSet<>();
        other.path("env")
                .forEach(variable -> variables.add(variable.path("name").asText()));
        List<VolumeMount> mounts = new ArrayList<>();
        other.path("volumeMounts").forEach(mount -> mounts.add(VolumeMount.of(mount)));
        return new Container(list, index, name, variables, mounts, other);
    }
}
