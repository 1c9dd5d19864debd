package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.LabelSelector;
import dev.pillion.cluster.ResourceType;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadReader;
import dev.pillion.injection.Injector;
import dev.pillion.injection.audit.Audit;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads workloads and compares their Pods with Pods that are created now. */
final class Workloads {

    private final WorkloadReader reader;
    private final Map<String, Namespace> namespaces;
    private final Injector injector;
    private final Catalog catalog;

    /** @param namespaces those whose Pods the API server sends to Pillion, by name */
    Workloads(WorkloadReader reader, Map<String, Namespace> namespaces, Injector injector, Catalog catalog) {
        this.reader = reader;
        this.namespaces = namespaces;
        this.injector = injector;
        this.catalog = catalog;
    }

    /** A Pod with its findings; empty for a Pod that Pillion never changes, or that has ended or is being deleted. */
    Optional<CheckedPod> check(JsonNode tree) {
        try {
            Pod pod = Pod.of(tree);
            return Optional.ofNullable(namespaces.get(
                            tree.path("metadata").path("namespace").asText()))
                    .filter(namespace -> Audit.isChecked(pod, namespace, injector))
                    .map(namespace -> CheckedPod.of(pod, namespace, injector, catalog));
        } catch (MalformedPodException e) {
            throw new IllegalStateException("cannot read a Pod of the API server: " + e.getMessage(), e);
        }
    }

    /**
     * The state of a workload of which some Pods are known.
     *
     * @param tree the workload
     * @param pods Pods whose owner has its name
     */
    WorkloadState state(Target target, ResourceType type, JsonNode tree, List<CheckedPod> pods) {
        LabelSelector selector = LabelSelector.ofStored(tree.path("spec").path("selector"));
        return new WorkloadState(
                target,
                type,
                namespaces.getOrDefault(target.namespace(), Namespace.named(target.namespace())),
                tree,
                pods.stream()
                        .filter(checked -> selector.matches(checked.pod().labels()))
                        .toList());
    }

    /** Reads a workload and its Pods; empty if it does not exist. */
    Optional<WorkloadState> read(Target target, ResourceType type) throws UnreachableClusterException {
        Optional<JsonNode> tree = object(target, type);
        if (tree.isEmpty()) {
            return Optional.empty();
        }
        List<CheckedPod> pods = new ArrayList<>();
        for (JsonNode each : reader.selectedPods(tree.get())) {
            check(each)
                    .filter(checked ->
                            Target.of(target.namespace(), checked.pod().owner()).equals(target))
                    .ifPresent(pods::add);
        }
        return Optional.of(state(target, type, tree.get(), pods));
    }

    /** Reads a workload without its Pods; empty if it does not exist. */
    Optional<JsonNode> object(Target target, ResourceType type) throws UnreachableClusterException {
        return reader.object(type, target.namespace(), target.name());
    }
}
