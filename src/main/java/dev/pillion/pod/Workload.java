package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A manifest that holds a Pod or the template of one.
 *
 * @param claims the claim templates beside the Pod template, as a StatefulSet has them
 */
public record Workload(
        String kind, String name, String namespace, List<String> podPath, JsonNode podTree, List<JsonNode> claims) {

    /** The first Pod in a manifest; empty for kinds without one. */
    public static Optional<Workload> of(JsonNode manifest) {
        return in(manifest, apiVersion(manifest), kind(manifest)).stream().findFirst();
    }

    /**
     * The Pods and Pod templates in a manifest: of the kinds that Kubernetes and OpenShift have, and of custom resources whatever has the shape
     * of a Pod template.
     *
     * @param apiVersion the manifest's own, or where it has none, as in a typed list, the list's
     * @param kind likewise
     */
    public static List<Workload> in(JsonNode manifest, String apiVersion, String kind) {
        return PodTemplates.in(manifest, apiVersion, kind).stream()
                .map(path -> at(path, manifest, kind))
                .toList();
    }

    private static Workload at(List<String> path, JsonNode manifest, String kind) {
        JsonNode pod = manifest;
        JsonNode owner = manifest;
        for (String step : path) {
            owner = pod;
            pod = pod.isArray() && PodTemplates.isIndex(step) ? pod.path(Integer.parseInt(step)) : pod.path(step);
        }
        JsonNode metadata = manifest.path("metadata");
        String name = metadata.path("name").asText(metadata.path("generateName").asText(""));
        return new Workload(
                kind,
                name,
                metadata.path("namespace").asText(""),
                path,
                pod,
                path.isEmpty() ? List.of() : claims(owner));
    }

    private static String apiVersion(JsonNode manifest) {
        return manifest.path("apiVersion").asText();
    }

    private static String kind(JsonNode manifest) {
        return manifest.path("kind").asText();
    }

    /** The same workload with another Pod. */
    public Workload withPod(JsonNode other) {
        return new Workload(kind, name, namespace, podPath, other, claims);
    }

    /** Every kind that has claim templates calls them so: StatefulSet, and OpenKruise's CloneSet and StatefulSet. */
    private static List<JsonNode> claims(JsonNode owner) {
        List<JsonNode> claims = new ArrayList<>();
        owner.path("volumeClaimTemplates").forEach(claims::add);
        return claims;
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
                volumesWithClaims(pod),
                pod.tree());
    }

    /**
     * The volumes that the controller gives each Pod: a claim takes the place of a template's volume of its name (updateStorage in
     * pkg/controller/statefulset/stateful_set_utils.go).
     */
    private Map<String, JsonNode> volumesWithClaims(Pod pod) {
        if (claims.isEmpty()) {
            return pod.volumes();
        }
        Map<String, JsonNode> volumes = new LinkedHashMap<>(pod.volumes());
        for (JsonNode claim : claims) {
            String volume = claim.path("metadata").path("name").asText();
            if (!volume.isEmpty()) {
                ObjectNode tree = JsonNodeFactory.instance.objectNode().put("name", volume);
                ObjectNode source = tree.putObject("persistentVolumeClaim");
                // As the controller names it, but for the number of the Pod.
                source.put("claimName", volume + "-" + name);
                if (ReadOnlyVolume.isClaimedReadOnly(claim.path("spec"))) {
                    source.put("readOnly", true);
                }
                volumes.put(volume, tree);
            }
        }
        return volumes;
    }
}
