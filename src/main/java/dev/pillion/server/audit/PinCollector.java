package dev.pillion.server.audit;

import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.resource.PinnedGeneration;
import dev.pillion.injection.reason.Annotations;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Collects the generations of profiles that annotations of Pods and namespaces pin. Not thread-safe. */
final class PinCollector {

    private final Set<PinnedGeneration> pinned = new HashSet<>();

    void add(Map<String, String> annotations) {
        annotations.forEach((annotation, value) -> {
            if (Annotations.isGeneration(annotation)) {
                pinned.add(
                        new PinnedGeneration(InstanceName.profileOf(Annotations.profileOf(annotation)), value.strip()));
            }
        });
    }

    Set<PinnedGeneration> pinned() {
        return pinned;
    }
}
