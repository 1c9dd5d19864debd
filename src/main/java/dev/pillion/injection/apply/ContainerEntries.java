package dev.pillion.injection.apply;

import dev.pillion.pod.Container;
import dev.pillion.pod.ListIndex;
import dev.pillion.pod.VolumeMount;
import java.util.HashMap;
import java.util.Map;

/** The mounts, variables and sources of variables that a container has before the injection, by the key that identifies each. */
record ContainerEntries(Map<String, VolumeMount> mounts, ListIndex variables, ListIndex sources) {

    static ContainerEntries of(Container container) {
        Map<String, VolumeMount> mounts = new HashMap<>();
        container.volumeMounts().forEach(mount -> mounts.putIfAbsent(mount.directory(), mount));
        return new ContainerEntries(
                mounts,
                ListIndex.byName(container.tree().path("env")),
                ListIndex.bySource(container.tree().path("envFrom")));
    }
}
