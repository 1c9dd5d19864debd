package dev.pillion.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.cli.simulate.AdmissionFindings;
import dev.pillion.cli.simulate.InjectedWorkload;
import dev.pillion.cli.simulate.NamespaceObjects;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Injector;
import dev.pillion.injection.audit.AdditionChange;
import dev.pillion.injection.reason.Reason;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A Pod that is created with one catalog: what both webhooks and the API server do.
 *
 * @param pod after the decision; the same Pod if it is denied
 * @param violations what the validating webhook denies in a strict namespace
 * @param rejections why the API server rejects the Pod because of its companions
 */
record SimulatedPod(Decision decision, Pod pod, List<Reason> violations, List<String> rejections) {

    static SimulatedPod of(
            Pod original, Namespace namespace, Injector injector, Catalog catalog, NamespaceObjects limits) {
        Decision decision = injector.decide(original, namespace, catalog);
        if (decision instanceof Denied) {
            return new SimulatedPod(decision, original, List.of(), List.of());
        }
        Pod pod = AdditionChange.after(decision, original);
        return new SimulatedPod(
                decision,
                pod,
                namespace.strict() ? injector.violations(pod, namespace, catalog) : List.of(),
                AdmissionFindings.of(
                        new InjectedWorkload(namespace, original.tree(), pod.tree(), decision.plan()), limits));
    }

    boolean denied() {
        return decision instanceof Denied || !violations.isEmpty();
    }

    /** The denial as a change; empty if the Pod is not denied. */
    Optional<PlannedChange> denial(PlannedChange.Kind kind) {
        if (decision instanceof Denied denial) {
            return Optional.of(PlannedChange.of(kind, denial));
        }
        return violations.isEmpty()
                ? Optional.empty()
                : Optional.of(PlannedChange.ofPod(
                        kind,
                        violations.stream()
                                .map(reason -> reason.message() + " (" + reason.code() + ")")
                                .collect(Collectors.joining("; "))));
    }

    /** The tree of the Pod; empty if it is denied. */
    Optional<JsonNode> created() {
        return denied() ? Optional.empty() : Optional.of(pod.tree());
    }
}
