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
 * Compares the mounts of a companion by directory. Each directory is mounted once and as rendered. The only further mounts are that of the
 * ServiceAccount's token and tolerated ones, which must not be at, above or below a directory that the profile mounts.
 */
record MountComparison(FieldComparison fields, Map<String, JsonNode> volumes, ToleratedAdditions tolerated) {

    Optional<String> difference(JsonNode rendered, JsonNode actual) {
        Map<String, JsonNode> missing = new HashMap<>();
        rendered.forEach(mount -> missing.put(VolumeMount.of(mount).directory(), mount));
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

    private boolean isTolerated(VolumeMount mount, Map<String, JsonNode> rendered) {
        if (ServiceAccountToken.isMount(mount, volumes)) {
            return true;
        }
        return tolerated.mounts().contains(mount.directory())
                && rendered.values().stream()
                        .map(VolumeMount::of)
                        .noneMatch(own -> mount.covers(own.directory()) || own.covers(mount.directory()));
    }
}
