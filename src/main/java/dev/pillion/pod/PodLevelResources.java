package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The requests and limits that a Pod sets for all its containers together (KEP-2837). The API server rejects a Pod if its containers request more
 * than the Pod. Before the webhooks are called, it derives the Pod's requests from its limits and those of its containers (defaultPodRequests in
 * pkg/apis/core/v1/defaults.go). So a companion has no request for a resource that the Pod sets.
 *
 * @param own the resources of the Pod; empty if it sets none
 */
public record PodLevelResources(JsonNode own) {

    private static final String REQUESTS = "requests";
    private static final String LIMITS = "limits";

    public static PodLevelResources of(Pod pod) {
        return new PodLevelResources(pod.spec("resources"));
    }

    public boolean isEmpty() {
        return own.path(REQUESTS).isEmpty() && own.path(LIMITS).isEmpty();
    }

    /** Removes from a companion each resource that the Pod sets. */
    public void takeFrom(ObjectNode companion) {
        if (!(companion.path("resources") instanceof ObjectNode resources)) {
            return;
        }
        for (String resource : resourcesOf(resources)) {
            if (own.path(LIMITS).has(resource)) {
                remove(resources, REQUESTS, resource);
                remove(resources, LIMITS, resource);
            } else if (own.path(REQUESTS).has(resource)) {
                if (resources.path(LIMITS).has(resource)) {
                    // Without a request the API server would use the limit as the request.
                    resources.withObject("/" + REQUESTS).put(resource, "0");
                } else {
                    remove(resources, REQUESTS, resource);
                }
            }
        }
        if (resources.isEmpty()) {
            companion.remove("resources");
        }
    }

    /**
     * The resources that a companion can have in the final Pod: it can keep all resources of the profile. The API server changes the Pod's own
     * resources, so the companion of a manifest that was injected before can have more resources than one that the webhook adds.
     *
     * @param profiles the resources of the profile
     * @param wanted the resources for this Pod
     * @param present the resources that the companion has
     */
    public static ObjectNode accepting(JsonNode profiles, JsonNode wanted, JsonNode present) {
        ObjectNode accepted = wanted instanceof ObjectNode own
                ? own.deepCopy()
                : com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        for (String kind : List.of(REQUESTS, LIMITS)) {
            profiles.path(kind).properties().forEach(field -> {
                JsonNode value = present.path(kind).path(field.getKey());
                if (Quantity.same(field.getValue().asText(), value.asText())) {
                    accepted.withObject("/" + kind).set(field.getKey(), field.getValue());
                }
            });
        }
        return accepted;
    }

    private static List<String> resourcesOf(ObjectNode resources) {
        return List.of(REQUESTS, LIMITS).stream()
                .flatMap(kind -> resources.path(kind).propertyStream())
                .map(java.util.Map.Entry::getKey)
                .distinct()
                .toList();
    }

    private static void remove(ObjectNode resources, String kind, String resource) {
        if (resources.path(kind) instanceof ObjectNode amounts) {
            amounts.remove(resource);
            if (amounts.isEmpty()) {
                resources.remove(kind);
            }
        }
    }
}
