package dev.pillion.cli.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.plan.Plan;
import dev.pillion.pod.Namespace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A workload after injection.
 *
 * @param original the Pod or template before injection
 * @param pod the Pod or template after injection
 */
public record InjectedWorkload(Namespace namespace, JsonNode original, JsonNode pod, Plan plan) {

    /** The containers of the Pod that profiles added, regular and init containers alike. */
    List<JsonNode> companions() {
        Set<String> names = new HashSet<>();
        plan.profiles().forEach(planned -> planned.companions().forEach(companion -> names.add(companion.name())));
        List<JsonNode> companions = new ArrayList<>();
        for (JsonNode container : containers(pod)) {
            if (names.contains(container.path("name").asText())) {
                companions.add(container);
            }
        }
        return companions;
    }

    static List<JsonNode> containers(JsonNode pod) {
        List<JsonNode> containers = new ArrayList<>();
        pod.path("spec").path("initContainers").forEach(containers::add);
        pod.path("spec").path("containers").forEach(containers::add);
        return containers;
    }
}
