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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the Pods of a live workload have.
 *
 * @param pods each Pod, in the order of the API server
 * @param denials Events about Pods that Pillion denied, the newest first
 */
record LivePods(List<LivePod> pods, List<JsonNode> denials) {

    /**
     * A live Pod.
     *
     * @param created RFC 3339
     * @param profiles the generation of each injected profile, by name
     * @param findings the differences from a Pod that is created now
     * @param changes what others have changed in Pillion's additions
     */
    record LivePod(
            String name,
            String created,
            Map<String, String> profiles,
            List<AuditFinding> findings,
            List<ForeignChange> changes) {}

    /**
     * A change of an addition by someone else.
     *
     * @param manager the field manager; empty if the change was made while the Pod was created, for example by another webhook
     */
    record ForeignChange(Change change, Optional<String> manager) {

        @Override
        public String toString() {
            return change + " was changed "
                    + manager.map(name -> "by " + name)
                            .orElse("while the Pod was created, for example by another webhook");
        }
    }

    static LivePods of(LiveWorkload workload, Injector injector, Catalog catalog) {
        List<LivePod> pods = new ArrayList<>();
        for (Pod pod : workload.pods()) {
            Audit audit = new Audit(injector, catalog);
            audit.check(pod, workload.namespace());
            Map<String, String> profiles = new LinkedHashMap<>();
            Status.of(pod).profiles().forEach((name, given) -> profiles.put(name, given.generation()));
            JsonNode metadata = pod.tree().path("metadata");
            FieldManagers managers = new FieldManagers(metadata);
            pods.add(new LivePod(
                    pod.name(),
                    metadata.path("creationTimestamp").asText(),
                    profiles,
                    audit.findings().stream().map(Audit.PodFinding::finding).toList(),
                    Uninjector.uninject(pod, catalog).changes().stream()
                            .map(change -> new ForeignChange(change, managers.of(change)))
                            .toList()));
        }
        return new LivePods(pods, workload.denials());
    }

    /** The Pods with the same profiles, findings and changes, by what they have in common. */
    Map<LivePod, List<LivePod>> groups() {
        return pods.stream()
                .collect(Collectors.groupingBy(
                        pod -> new LivePod("", "", pod.profiles(), pod.findings(), pod.changes()),
                        LinkedHashMap::new,
                        Collectors.toList()));
    }
}
