package dev.pillion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.InjectionSettings;
import dev.pillion.injection.Injector;
import dev.pillion.patch.Patch;
import dev.pillion.patch.PatchBuilder;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.pod.Workload;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Decides on manifests what the webhook would decide on the Pods that come of them. */
final class Rehearsal {

    private static final Pointer ANNOTATIONS = Pointer.of("metadata", "annotations");

    private final Injector injector;
    private final Catalog catalog;
    private final Namespaces namespaces;
    private final Ask ask;

    Rehearsal(InjectionSettings settings, Catalog catalog, Namespaces namespaces, Ask ask) {
        this.injector = new Injector(settings);
        this.catalog = catalog;
        this.namespaces = namespaces;
        this.ask = ask;
    }

    Rehearsed of(Manifest manifest) throws UnusableInputException {
        List<Outcome> outcomes = new ArrayList<>();
        for (PlacedWorkload workload : manifest.workloads()) {
            outcomes.add(of(workload));
        }
        return new Rehearsed(manifest, outcomes, RequestFindings.in(manifest, catalog));
    }

    Outcome of(PlacedWorkload placed) throws UnusableInputException {
        Workload workload = placed.workload();
        Namespace namespace = namespaces.of(workload);
        Patch asking = annotating(placed.pod(), namespace);
        Pod pod = annotated(placed, asking);
        Decision decision = injector.decide(pod, namespace, catalog);
        Patch patch =
                switch (decision) {
                    case Injected(var _, Patch injecting) ->
                        asking.then(injecting).below(placed.podPlace());
                    case Unchanged _, Denied _ -> Patch.empty();
                };
        return new Outcome(placed, decision, patch, injector.policies(pod, namespace, catalog));
    }

    private Patch annotating(Pod pod, Namespace namespace) {
        PatchBuilder patch = new PatchBuilder(pod.tree());
        for (Map.Entry<String, String> annotation :
                ask.annotations(pod, namespace).entrySet()) {
            patch.put(ANNOTATIONS, annotation.getKey(), TextNode.valueOf(annotation.getValue()));
        }
        return patch.build();
    }

    private static Pod annotated(PlacedWorkload placed, Patch asking) throws UnusableInputException {
        Workload workload = placed.workload();
        JsonNode tree = JsonPatch.apply(asking.toJson(), workload.podTree());
        return new PlacedWorkload(placed.manifest(), placed.place(), workload.withPod(tree)).pod();
    }
}
