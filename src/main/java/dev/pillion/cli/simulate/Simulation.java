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

/** Decides on manifests what the webhook would decide on the Pods that come of them. */
public final class Simulation {

    private final Injector injector;
    private final Catalog catalog;
    private final Namespaces namespaces;
    private final AdditionalRequest ask;

    public Simulation(InjectionSettings settings, Catalog catalog, Namespaces namespaces, AdditionalRequest ask) {
        this(new Injector(settings), catalog, namespaces, ask);
    }

    public Simulation(Injector injector, Catalog catalog, Namespaces namespaces, AdditionalRequest ask) {
        this.injector = injector;
        this.catalog = catalog;
        this.namespaces = namespaces;
        this.ask = ask;
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
        Map<String, String> options = ask.annotations(pod, namespace);
        Decision decision = injector.decide(pod, options, namespace, catalog);
        Patch patch =
                switch (decision) {
                    case Injected(var _, Patch injecting) -> injecting.below(placed.podPlace());
                    case Unchanged _, Denied _ -> Patch.empty();
                };
        return new Outcome(placed, decision, patch, injector.policies(pod, options, namespace, catalog));
    }
}
