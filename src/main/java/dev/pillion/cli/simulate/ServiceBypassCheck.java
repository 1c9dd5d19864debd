package dev.pillion.cli.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.plan.Plan.PlannedProfile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds Services that send traffic to the app's port instead of the port of a companion in front of the app. Such a companion listens on its
 * own port and has the app's port as a parameter.
 */
final class ServiceBypassCheck implements InputCheck {

    @Override
    public List<String> findings(InjectedWorkload workload, NamespaceObjects objects) {
        List<String> findings = new ArrayList<>();
        for (JsonNode service : objects.in(workload.namespace().name(), "Service")) {
            if (selects(service, workload.pod())) {
                for (JsonNode port : service.path("spec").path("ports")) {
                    if (!isTcp(port)) {
                        continue;
                    }
                    int target = target(port, workload.pod());
                    for (PlannedProfile planned : workload.plan().profiles()) {
                        front(planned, target, workload)
                                .ifPresent(front -> findings.add(NamespaceObjects.title(service)
                                        + ": targetPort "
                                        + port.path("targetPort")
                                                .asText(port.path("port").asText())
                                        + " bypasses companion "
                                        + front.path("name").asText() + ", which listens on "
                                        + listening(front).iterator().next() + " in front of port " + target
                                        + "; write targetPort: "
                                        + listening(front).iterator().next()));
                    }
                }
            }
        }
        return findings;
    }

    /** Companions listen on TCP ports. The same number of another protocol is another port. */
    private static boolean isTcp(JsonNode port) {
        return port.path("protocol").asText("TCP").equals("TCP");
    }

    private static boolean selects(JsonNode service, JsonNode pod) {
        JsonNode selector = service.path("spec").path("selector");
        if (selector.isEmpty()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> label : selector.properties()) {
            if (!pod.path("metadata").path("labels").path(label.getKey()).equals(label.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** The number of the port in the Pod; 0 if no port has the name. */
    private static int target(JsonNode port, JsonNode pod) {
        JsonNode target = port.path("targetPort");
        if (!target.isTextual()) {
            return target.asInt(port.path("port").asInt());
        }
        for (JsonNode container : InjectedWorkload.containers(pod)) {
            for (JsonNode named : container.path("ports")) {
                if (named.path("name").equals(target) && isTcp(named)) {
                    return named.path("containerPort").asInt();
                }
            }
        }
        return 0;
    }

    private static Optional<JsonNode> front(PlannedProfile planned, int target, InjectedWorkload workload) {
        boolean app = planned.parameters().values().stream()
                .anyMatch(parameter -> parameter.value().isIntegralNumber()
                        && parameter.value().asInt() == target);
        Set<String> names = new HashSet<>();
        planned.companions().forEach(companion -> names.add(companion.name()));
        return !app
                ? Optional.empty()
                : workload.companions().stream()
                        .filter(companion ->
                                names.contains(companion.path("name").asText()))
                        .filter(companion -> !listening(companion).isEmpty()
                                && !listening(companion).contains(target))
                        .findFirst();
    }

    private static List<Integer> listening(JsonNode container) {
        List<Integer> ports = new ArrayList<>();
        container
                .path("ports")
                .forEach(port -> ports.add(port.path("containerPort").asInt()));
        return ports;
    }
}
