package dev.pillion.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads workloads, their Pods and the Events about Pods that could not be created. */
public final class WorkloadReader {

    private final ApiPaths api;

    public WorkloadReader(ClusterReader reader) {
        this.api = reader.api();
    }

    /** The object with a name; empty if it does not exist. */
    public Optional<JsonNode> object(ResourceType type, String namespace, String name)
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
    public List<JsonNode> objects(ResourceType type, Optional<String> namespace, String labels)
            throws UnreachableClusterException {
        List<JsonNode> objects = new ArrayList<>();
        api.list(
                type.path(namespace),
                labels.isEmpty() ? "" : "labelSelector=" + ApiPaths.encoded(labels),
                (page, _) -> {
                    for (JsonNode each : page) {
                        if (each instanceof ObjectNode object) {
                            object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
                            objects.add(object);
                        }
                    }
                });
        return objects;
    }

    /** The Pods that the selector of a workload matches; all Pods of its namespace if it has none. */
    public List<JsonNode> selectedPods(JsonNode workload) throws UnreachableClusterException {
        return objects(
                ResourceType.POD,
                Optional.of(workload.path("metadata").path("namespace").asText()),
                selector(workload.path("spec").path("selector")));
    }

    /** Events about Pods of a namespace that could not be created, which controllers send. */
    public List<JsonNode> failedCreations(String namespace) throws UnreachableClusterException {
        List<JsonNode> events = new ArrayList<>();
        api.list(
                "/api/v1/namespaces/" + ApiPaths.encoded(namespace) + "/events",
                "fieldSelector=" + ApiPaths.encoded("reason=FailedCreate"),
                (page, _) -> events.addAll(page));
        return events;
    }

    /** A stored selector in the form of a request: a metav1.LabelSelector, or the map of a ReplicationController. */
    private static String selector(JsonNode selector) {
        boolean isMap = !selector.has("matchLabels") && !selector.has("matchExpressions");
        List<String> terms = new ArrayList<>();
        for (Map.Entry<String, JsonNode> label : (isMap ? selector : selector.path("matchLabels")).properties()) {
            terms.add(label.getKey() + "=" + label.getValue().asText());
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            String key = expression.path("key").asText();
            String values = expression
                    .path("values")
                    .valueStream()
                    .map(JsonNode::asText)
                    .collect(Collectors.joining(",", "(", ")"));
            terms.add(
                    switch (expression.path("operator").asText()) {
                        case "In" -> key + " in " + values;
                        case "NotIn" -> key + " notin " + values;
                        case "DoesNotExist" -> "!" + key;
                        default -> key;
                    });
        }
        return String.join(",", terms);
    }
}
