package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Recognizes volumes to which no container can write. */
public final class ReadOnlyVolume {

    /** The kubelet mounts these read-only (pkg/volume/configmap, secret, projected, downwardapi, image). */
    private static final Set<String> SOURCES = Set.of("configMap", "secret", "projected", "downwardAPI", "image");

    private ReadOnlyVolume() {}

    /** The kind of a read-only volume, for a message; empty if containers can write to it. */
    public static Optional<String> kind(JsonNode volume) {
        for (Map.Entry<String, JsonNode> source : volume.properties()) {
            if (!source.getValue().isObject()) {
                continue;
            }
            String name = source.getKey();
            if (SOURCES.contains(name)) {
                return Optional.of("of kind " + name);
            }
            if (source.getValue().path("readOnly").asBoolean()) {
                return Optional.of("of kind " + name + " with readOnly: true");
            }
            if (isClaimedReadOnly(source.getValue().path("volumeClaimTemplate").path("spec"))) {
                return Optional.of("of kind " + name + " with the access mode ReadOnlyMany");
            }
        }
        return Optional.empty();
    }

    /** Whether a claim with this spec can only be mounted read-only. */
    static boolean isClaimedReadOnly(JsonNode spec) {
        JsonNode modes = spec.path("accessModes");
        for (JsonNode mode : modes) {
            if (!mode.asText().equals("ReadOnlyMany")) {
                return false;
            }
        }
        return !modes.isEmpty();
    }
}
