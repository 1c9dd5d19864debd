package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.compare.FieldComparison;
import dev.pillion.injection.settings.ToleratedAdditions;
import dev.pillion.pod.VolumeMount;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares what is mounted in a companion, by directory: none twice, each as rendered, and no others but the ServiceAccount's token and
 * what the operator tolerates. Nothing that is tolerated may stand at, above or below a directory of the profile's.
 */
record MountComparison(FieldComparison fields, Map<String, JsonNode> volumes, ToleratedAdditions tolerated) {

    Optional<String> difference(JsonNode wanted, JsonNode actual) {
        Map<String, JsonNode> missing = new HashMap<>();
        wanted.forEach(mount -> missing.put(VolumeMount.of(mount).directory(), mount));
        Map<String, JsonNode> all = Map.copyOf(missing);
        Set<String> seen = new HashSet<>();
        for (JsonNode tree : actual) {
            VolumeMount mount = VolumeMount.of(tree);
            String directory = mount.directory();
            if (!seen.add(directory)) {
                return Optional.of("volumeMounts has " + Excerpt.of(directory) + " twice");
            }
            JsonNode own = missing.remove(directory);
            if (own == null) {
                if (!isTolerated(mount, all)) {
                    return Optional.of(
                            "volumeMounts has " + Excerpt.of(mount.mountPath()) + ", which the profile does not mount");
                }
                continue;
            }
            Optional<String> difference = fields.difference("volumeMounts", own, tree);
            if (difference.isPresent()) {
                return difference.map(sentence -> "mount " + directory + ": " + sentence);
            }
        }
        return missing.keySet().stream().sorted().findFirst().map(directory -> "volumeMounts lacks " + directory);
    }

    private boolean isTolerated(VolumeMount mount, Map<String, JsonNode> wanted) {
        if (ServiceAccountToken.isMount(mount, volumes)) {
            return true;
        }
        return tolerated.mounts().contains(mount.directory())
                && wanted.values().stream()
                        .map(VolumeMount::of)
                        .noneMatch(own -> mount.covers(own.directory()) || own.covers(mount.directory()));
    }
}
