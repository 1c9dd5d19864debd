package dev.pillion.cli.simulate;

import dev.pillion.catalog.Catalog;
import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.manifest.Namespaces;
import dev.pillion.cli.manifest.PlacedWorkload;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.Injector;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.patch.Patch;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.pod.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Decides on the workloads of manifests as the webhook would decide on their Pods. */
public final class Simulation {

    private final Injector injector;
    private final Catalog catalog;
    private final Namespaces namespaces;
    private final AdditionalRequest request;

    public Simulation(InjectionSettings settings, Catalog catalog, Namespaces namespaces, AdditionalRequest request) {
        this(new Injector(settings), catalog, namespaces, request);
    }

    public Simulation(Injector injector, Catalog catalog, Namespaces namespaces, AdditionalRequest request) {
        this.injector = injector;
        this.catalog = catalog;
        this.namespaces = namespaces;
        this.request = request;
    }

    public SimulatedManifest of(Manifest manifest) throws UnusableInputException {
        List<Outcome> outcomes = new ArrayList<>();
        for (PlacedWorkload workload : manifest.workloads()) {
            outcomes.add(of(workload));
        }
        return new SimulatedManifest(manifest, outcomes, RequestFindings.in(manifest, catalog));
    }

    public Outcome of(PlacedWorkload placed) throws UnusableInputException {
        Workload workload = placed.workload();
        Namespace namespace = namespaces.of(workload);
        Pod pod = placed.pod();
        Map<String, String> additions = request.annotations(pod, namespace);
        Decision decision = injector.decide(pod, additions, namespace, catalog);
        Patch patch =
                switch (decision) {
                    case Injected(var _, Patch injecting) -> injecting.below(placed.podPointer());
                    case Unchanged _, Denied _ -> Patch.empty();
                };
        return new Outcome(
                placed,
                namespace.name(),
                decision,
                patch,
                injector.policies(pod, additions, namespace, catalog),
                injector.generations(
                        pod,
                        additions,
                        decision.plan().profiles().stream()
                                .map(planned -> planned.profile().name())
                                .toList(),
                        namespace,
                        catalog));
    }
}
