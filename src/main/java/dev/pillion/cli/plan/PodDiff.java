package dev.pillion.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.manifest.ManifestDiff;
import dev.pillion.injection.reason.Annotations;
import java.util.List;

/** The difference between the same Pod with two catalogs. */
final class PodDiff {

    private PodDiff() {}

    /** A unified diff of Pods that are not denied, without the annotation with Pillion's status, which changes with every addition. */
    static List<String> of(SimulatedPod now, SimulatedPod next) {
        return ManifestDiff.between("now", shown(now), "planned", shown(next));
    }

    private static JsonNode shown(SimulatedPod pod) {
        JsonNode tree = pod.pod().tree().deepCopy();
        if (tree.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(Annotations.STATUS);
        }
        return tree;
    }
}
