package dev.pillion.cli.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.manifest.Namespaces;
import dev.pillion.cli.manifest.PlacedWorkload;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.terminal.Printable;
import dev.pillion.injection.reason.Reason;
import java.util.ArrayList;
import java.util.List;

/** Compares injected workloads with the other objects of the input: the API server may reject the Pods, or a Service may bypass a companion. */
final class InputFindings {

    private static final InputCheck SERVICE_BYPASS = new ServiceBypassCheck();

    private static final String AUTOMOUNT = "automountServiceAccountToken";

    private final InputObjects objects;
    private final Namespaces namespaces;
    private final Simulation simulation;

    InputFindings(List<Manifest> manifests, Namespaces namespaces, Simulation simulation) {
        this.objects = new InputObjects(manifests, namespaces.defaultName());
        this.namespaces = namespaces;
        this.simulation = simulation;
    }

    SimulatedManifest addTo(SimulatedManifest simulated) throws UnusableInputException {
        if (simulated.outcomes().stream()
                .allMatch(outcome -> outcome.decision().plan().profiles().isEmpty())) {
            return simulated;
        }
        List<String> findings = new ArrayList<>(simulated.findings());
        JsonNode changed = simulated.changed().tree();
        for (Outcome outcome : simulated.outcomes()) {
            PlacedWorkload placed = outcome.workload();
            InjectedWorkload injected = new InjectedWorkload(
                    namespaces.of(placed.workload()),
                    placed.workload().podTree(),
                    changed.at(placed.podPointer().toString()),
                    outcome.decision().plan());
            List<String> found = new ArrayList<>(SERVICE_BYPASS.findings(injected, objects));
            found.addAll(AdmissionFindings.of(injected, objects));
            found.addAll(withoutToken(outcome, injected));
            found.forEach(finding -> findings.add(placed.title() + ": " + Printable.oneLine(finding)));
        }
        return new SimulatedManifest(simulated.manifest(), simulated.outcomes(), findings);
    }

    /** Warnings that apply because the Pod's ServiceAccount does not mount a token, which the Pod itself does not say. */
    private List<String> withoutToken(Outcome outcome, InjectedWorkload injected) throws UnusableInputException {
        JsonNode spec = injected.original().path("spec");
        String name = spec.path("serviceAccountName")
                .asText(spec.path("serviceAccount").asText("default"));
        for (JsonNode account : objects.in(injected.namespace().name(), "ServiceAccount")) {
            if (account.path("metadata").path("name").asText().equals(name)
                    && !account.path(AUTOMOUNT).asBoolean(true)
                    && !spec.hasNonNull(AUTOMOUNT)) {
                PlacedWorkload placed = outcome.workload();
                JsonNode pod = injected.original().deepCopy();
                ((ObjectNode) pod.path("spec")).put(AUTOMOUNT, false);
                PlacedWorkload without = new PlacedWorkload(
                        placed.manifest(), placed.pointer(), placed.workload().withPod(pod));
                return simulation.of(without).warnings().stream()
                        .filter(warning -> !outcome.warnings().contains(warning))
                        .map(Reason::message)
                        .map(message -> message + " (set by ServiceAccount/" + name + ")")
                        .toList();
            }
        }
        return List.of();
    }
}
