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
 * A manifest with a Pod or a Pod template.
 *
 * @param claims the claim templates beside the Pod template, for example of a StatefulSet
 */
public record Workload(
        String kind, String name, String namespace, List<String> podPath, JsonNode podTree, List<JsonNode> claims) {

    /** The first Pod in a manifest; empty for kinds without one. */
    public static Optional<Workload> of(JsonNode manifest) {
        return in(manifest, apiVersion(manifest), kind(manifest)).stream().findFirst();
    }

    /**
     * The Pods and Pod templates in a manifest of a known kind, or all parts of a custom resource with the structure of a Pod template.
     *
     * @param apiVersion of the manifest, or of its list if it has none, as in a typed list
     * @param kind of the manifest; for an element of a typed list, the kind of the elements
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

    /** All kinds with claim templates use this field: StatefulSet, and OpenKruise's CloneSet and StatefulSet. */
    private static List<JsonNode> claims(JsonNode owner) {
        List<JsonNode> claims = new ArrayList<>();
        owner.path("volumeClaimTemplates").forEach(claims::add);
        return claims;
    }

    /** The Pod. A Pod of a template has the workload as its owner and gets its name from it. */
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
     * The volumes of each Pod: a claim replaces the template's volume of the same name (updateStorage in
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
                // The controller also appends the number of the Pod.
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
