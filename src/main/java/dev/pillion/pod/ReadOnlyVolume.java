package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Recognises volumes of a Pod that no container can write to, however it mounts them. */
public final class ReadOnlyVolume {

    /** The kubelet mounts these read-only (pkg/volume/configmap, secret, projected, downwardapi, image). */
    private static final Set<String> SOURCES = Set.of("configMap", "secret", "projected", "downwardAPI", "image");

    private ReadOnlyVolume() {}

    /** What kind of read-only volume it is, for a message; empty where it can be written to. */
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

    /** Whether a claim, by its spec, can only ever be mounted to be read. */
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
