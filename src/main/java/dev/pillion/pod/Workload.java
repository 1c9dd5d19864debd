package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A manifest that holds a Pod or the template of one. */
public record Workload(String kind, String name, String namespace, List<String> podPath, JsonNode podTree) {

    private static final Set<String> TEMPLATE_OWNERS = Set.of(
            "apps/Deployment",
            "apps/StatefulSet",
            "apps/DaemonSet",
            "apps/ReplicaSet",
            "batch/Job",
            "/ReplicationController");

    /** The Pod in a manifest; empty for other kinds, also for ones of another group that bear the same name. */
    public static Optional<Workload> of(JsonNode manifest) {
        return podPath(manifest).map(path -> {
            JsonNode pod = manifest;
            for (String step : path) {
                pod = pod.path(step);
            }
            JsonNode metadata = manifest.path("metadata");
            String name =
                    metadata.path("name").asText(metadata.path("generateName").asText(""));
            return new Workload(
                    manifest.path("kind").asText(),
                    name,
                    metadata.path("namespace").asText(""),
                    path,
                    pod);
        });
    }

    /** The Pod itself; a template's belongs to the workload, which gives its Pods their names. */
    public Pod pod() throws MalformedPodException {
        Pod pod = Pod.of(podTree);
        if (podPath.isEmpty()) {
            return pod;
        }
        return new Pod(
                pod.name().isEmpty() ? name + "-" : pod.name(),
                Owner.of(kind, name),
                pod.labels(),
                pod.annotations(),
                pod.initContainers(),
                pod.containers(),
                pod.ephemeralContainers(),
                pod.volumes(),
                pod.tree());
    }

    private static Optional<List<String>> podPath(JsonNode manifest) {
        String apiVersion = manifest.path("apiVersion").asText();
        String kind = manifest.path("kind").asText();
        String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
        String groupAndKind = group + "/" + kind;
        if (groupAndKind.equals("/Pod")) {
            return Optional.of(List.of());
        }
        if (groupAndKind.equals("batch/CronJob")) {
            return Optional.of(List.of("spec", "jobTemplate", "spec", "template"));
        }
        return TEMPLATE_OWNERS.contains(groupAndKind) ? Optional.of(List.of("spec", "template")) : Optional.empty();
    }
}
