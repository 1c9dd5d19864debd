package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The first container that uses each volume of a Pod, by the name of the volume. */
public record VolumeUsers(Map<String, String> containers) {

    /** @param spec the spec of a Pod */
    public static VolumeUsers in(JsonNode spec) {
        Map<String, String> containers = new HashMap<>();
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            for (JsonNode container : spec.path(list)) {
                for (String uses : List.of("volumeMounts", "volumeDevices")) {
                    for (JsonNode use : container.path(uses)) {
                        containers.putIfAbsent(
                                use.path("name").asText(),
                                container.path("name").asText());
                    }
                }
            }
        }
        return new VolumeUsers(containers);
    }

    /** The first container that uses a volume. */
    public Optional<String> of(String volume) {
        return Optional.ofNullable(containers.get(volume));
    }
}
