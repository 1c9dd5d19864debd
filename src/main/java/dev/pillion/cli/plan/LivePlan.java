package dev.pillion.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.live.LiveCluster;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.simulate.NamespaceObjects;
import dev.pillion.cli.terminal.Progress;
import dev.pillion.cluster.ResourceType;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadReader;
import dev.pillion.injection.Injector;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the workloads of a cluster page by page, and compares what the new Pods of each get from two catalogs. */
final class LivePlan {

    private final LiveCluster live;
    private final Optional<String> namespaceName;
    private final StandardOptions standard;
    private final WorkloadReader reader;

    /** @param namespaceName empty for all namespaces */
    LivePlan(LiveCluster live, Optional<String> namespaceName, StandardOptions standard) {
        this.live = live;
        this.namespaceName = namespaceName;
        this.standard = standard;
        this.reader = new WorkloadReader(live.reader());
    }

    /** @param diffs whether the result contains diffs */
    ClusterPlan of(PlannedCatalogs catalogs, boolean diffs) throws UnreachableClusterException, UnusableInputException {
        Injector injector = new Injector(live.settings());
        Map<String, Namespace> namespaces = namespaces(injector);
        NamespaceObjects limits = limits();
        NamespaceTotals totals = new NamespaceTotals(limits);
        WorkloadComparison comparison = new WorkloadComparison(injector, catalogs, limits, totals, diffs);
        List<PlannedWorkload> workloads = new ArrayList<>();
        for (ResourceType type : ResourceType.values()) {
            Progress progress = new Progress(type.plural(), standard.err(), standard.onTerminal());
            long[] read = {0};
            reader.objects(type, namespaceName, "", (page, remaining) -> {
                page.forEach(object -> compare(type, object, namespaces, comparison, workloads));
                read[0] += page.size();
                progress.reached(read[0], read[0] + remaining);
            });
            progress.clear();
        }
        return new ClusterPlan(workloads, totals.totals(), catalogs.broken(), catalogs.brokenBefore());
    }

    /** The API server accepted the object, so it is well-formed. */
    private static void compare(
            ResourceType type,
            JsonNode object,
            Map<String, Namespace> namespaces,
            WorkloadComparison comparison,
            List<PlannedWorkload> workloads) {
        try {
            Optional<LiveTemplate> template = LiveTemplate.of(type, object);
            // An unknown namespace is excluded, or was created after the list of namespaces was read.
            if (template.isPresent() && namespaces.containsKey(template.get().namespace())) {
                workloads.add(comparison.compare(
                        template.get(), namespaces.get(template.get().namespace())));
            }
        } catch (MalformedPodException e) {
            throw new IllegalStateException("cannot read a workload of the API server: " + e.getMessage(), e);
        }
    }

    /** The namespaces whose Pods Pillion changes, by name. */
    private Map<String, Namespace> namespaces(Injector injector)
            throws UnreachableClusterException, UnusableInputException {
        if (namespaceName.isPresent()
                && live.reader().namespace(namespaceName.get()).isEmpty()) {
            throw new UnusableInputException("namespace '" + namespaceName.get() + "' does not exist");
        }
        try {
            Map<String, Namespace> namespaces = live.mutatedNamespaces(namespaceName, standard.err());
            namespaces.values().removeIf(namespace -> injector.excluded(namespace)
                    .isPresent());
            return namespaces;
        } catch (MalformedPodException e) {
            throw new IllegalStateException("cannot read a namespace of the API server: " + e.getMessage(), e);
        }
    }

    /** The ResourceQuotas and LimitRanges. Without permission to read them, the plan is made without them. */
    private NamespaceObjects limits() {
        try {
            Map<String, List<JsonNode>> byPlace = reader.limits(namespaceName).stream()
                    .collect(Collectors.groupingBy(object ->
                            place(object.path("metadata").path("namespace").asText(), kind(object))));
            return (namespace, kind) -> byPlace.getOrDefault(place(namespace, kind), List.of());
        } catch (UnreachableClusterException e) {
            standard.err()
                    .println("pillion: the plan does not consider ResourceQuotas and LimitRanges: " + e.getMessage());
            return (_, _) -> List.of();
        }
    }

    private static String kind(JsonNode object) {
        return object.path("kind").asText();
    }

    private static String place(String namespace, String kind) {
        return namespace + "/" + kind;
    }
}
