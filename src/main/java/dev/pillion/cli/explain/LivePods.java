package dev.pillion.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.cli.live.FieldManagers;
import dev.pillion.cli.live.LiveWorkload;
import dev.pillion.injection.Injector;
import dev.pillion.injection.audit.Audit;
import dev.pillion.injection.audit.AuditFinding;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.uninject.Uninjection.Change;
import dev.pillion.injection.uninject.Uninjector;
import dev.pillion.pod.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the Pods of a live workload have.
 *
 * @param withoutTemplate kind and name of a workload without a Pod template, for which its newest Pod was explained
 * @param excludedNamespace the namespace, if the API server does not call Pillion for its Pods
 * @param pods each Pod, in the order of the API server
 * @param denials Events about Pods that Pillion denied, the newest first
 */
record LivePods(
        Optional<String> withoutTemplate,
        Optional<String> excludedNamespace,
        List<LivePod> pods,
        List<JsonNode> denials) {

    /**
     * A live Pod.
     *
     * @param created empty if the Pod has no such time
     * @param compared whether the Pod was compared with a Pod that is created now
     * @param profiles the generation of each injected profile, by name
     * @param findings the differences from a Pod that is created now
     * @param changes what others have changed in Pillion's additions
     */
    record LivePod(
            String name,
            Optional<Instant> created,
            boolean compared,
            Map<String, String> profiles,
            List<AuditFinding> findings,
            List<ForeignChange> changes) {}

    /**
     * A change of an addition by someone else.
     *
     * @param manager the field manager that made the change after the Pod was created; empty if it is not recorded
     */
    record ForeignChange(Change change, Optional<String> manager) {

        @Override
        public String toString() {
            return change
                    + manager.map(name -> " was changed by " + name)
                            .orElse(
                                    " was changed or removed; the Pod does not record by whom. For example, another webhook does it while"
                                            + " the Pod is created");
        }
    }

    /** @param called whether the API server calls Pillion for the Pods of this namespace */
    static LivePods of(LiveWorkload workload, boolean called, Injector injector, Catalog catalog) {
        List<LivePod> pods = new ArrayList<>();
        for (Pod pod : workload.pods()) {
            boolean compared = called && Audit.isChecked(pod, workload.namespace(), injector);
            Map<String, String> profiles = new LinkedHashMap<>();
            Status.of(pod).profiles().forEach((name, given) -> profiles.put(name, given.generation()));
            FieldManagers managers = new FieldManagers(pod.tree().path("metadata"));
            pods.add(new LivePod(
                    pod.name(),
                    Audit.created(pod),
                    compared,
                    profiles,
                    compared
                            ? Audit.findings(pod, workload.namespace(), injector, catalog, Audit.Detail.DIFFERENCES)
                            : List.of(),
                    Uninjector.uninject(pod, catalog).changes().stream()
                            .map(change -> new ForeignChange(change, managers.of(change)))
                            .toList()));
        }
        return new LivePods(
                workload.hasTemplate() ? Optional.empty() : Optional.of(workload.title()),
                called ? Optional.empty() : Optional.of(workload.namespace().name()),
                pods,
                workload.denials());
    }

    /** The Pods with the same profiles, findings and changes, by what they have in common. */
    Map<LivePod, List<LivePod>> groups() {
        return pods.stream()
                .collect(Collectors.groupingBy(
                        pod -> new LivePod(
                                "", Optional.empty(), pod.compared(), pod.profiles(), pod.findings(), pod.changes()),
                        LinkedHashMap::new,
                        Collectors.toList()));
    }
}
