package dev.pillion.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.LabelSelector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads workloads, their Pods and the Events about Pods that could not be created. */
public final class WorkloadReader {

    /** The kinds by their plurals. */
    private static final Map<String, String> LIMITS =
            Map.of("resourcequotas", "ResourceQuota", "limitranges", "LimitRange");

    private final ApiPaths api;
    private final Map<String, List<JsonNode>> failedCreations = new HashMap<>();

    public WorkloadReader(ClusterReader reader) {
        this.api = reader.api();
    }

    /** The object with a name; empty if it does not exist. */
    public Optional<JsonNode> object(ApiResource type, String namespace, String name)
            throws UnreachableClusterException {
        JsonNode object = api.get(type.path(Optional.of(namespace)) + "/" + ApiPaths.encoded(name));
        return object.isObject() ? Optional.of(object) : Optional.empty();
    }

    /**
     * All objects of a type, with their kind and version, which the API server omits in lists.
     *
     * @param namespace empty for all namespaces
     * @param labels a label selector in the form of kubectl; empty for all objects
     */
    public List<JsonNode> objects(ApiResource type, Optional<String> namespace, String labels)
            throws UnreachableClusterException {
        List<JsonNode> objects = new ArrayList<>();
        objects(type, namespace, labels, (page, _) -> objects.addAll(page));
        return objects;
    }

    /** All objects of a type as above, page by page. */
    public void objects(ApiResource type, Optional<String> namespace, String labels, ClusterReader.Receiver receiver)
            throws UnreachableClusterException {
        api.list(type.path(namespace), ApiPaths.labelQuery(labels), (page, remaining) -> {
            List<JsonNode> objects = new ArrayList<>();
            for (JsonNode each : page) {
                if (each instanceof ObjectNode object) {
                    object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
                    objects.add(object);
                }
            }
            receiver.take(objects, remaining);
        });
    }

    /** The ResourceQuotas and LimitRanges, with their kind. */
    public List<JsonNode> limits(Optional<String> namespace) throws UnreachableClusterException {
        List<JsonNode> limits = new ArrayList<>();
        for (Map.Entry<String, String> kind : LIMITS.entrySet()) {
            api.list(ApiPaths.core(kind.getKey(), namespace), (page, _) -> {
                for (JsonNode each : page) {
                    if (each instanceof ObjectNode object) {
                        limits.add(object.put("apiVersion", "v1").put("kind", kind.getValue()));
                    }
                }
            });
        }
        return limits;
    }

    /** The Pods that the selector of a workload matches; all Pods of its namespace if it has none. */
    public List<JsonNode> selectedPods(JsonNode workload) throws UnreachableClusterException {
        return selected(ResourceType.POD, workload);
    }

    /** The ReplicaSets that the selector of a Deployment matches. */
    public List<JsonNode> replicaSets(JsonNode deployment) throws UnreachableClusterException {
        return selected(ResourceType.REPLICA_SET, deployment);
    }

    private List<JsonNode> selected(ApiResource type, JsonNode workload) throws UnreachableClusterException {
        return objects(
                type,
                Optional.of(workload.path("metadata").path("namespace").asText()),
                query(workload.path("spec").path("selector")));
    }

    /** Events about Pods of a namespace that could not be created, which controllers send. They are read once. */
    public List<JsonNode> failedCreations(String namespace) throws UnreachableClusterException {
        List<JsonNode> known = failedCreations.get(namespace);
        if (known != null) {
            return known;
        }
        List<JsonNode> events = new ArrayList<>();
        api.list(
                "/api/v1/namespaces/" + ApiPaths.encoded(namespace) + "/events",
                "fieldSelector=" + ApiPaths.encoded("reason=FailedCreate"),
                (page, _) -> events.addAll(page));
        failedCreations.put(namespace, events);
        return events;
    }

    /** A stored selector in the form of a request: a metav1.LabelSelector, or the map of a ReplicationController. */
    private static String query(JsonNode selector) {
        boolean isMap = !selector.has("matchLabels") && !selector.has("matchExpressions");
        return LabelSelector.ofStored(
                        isMap ? JsonNodeFactory.instance.objectNode().set("matchLabels", selector) : selector)
                .toQuery();
    }
}
