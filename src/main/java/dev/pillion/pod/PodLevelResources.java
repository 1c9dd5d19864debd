package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The requests and limits that a Pod sets for all its containers together (KEP-2837). The API server refuses a Pod whose containers request
 * more than the Pod does, and before the webhooks are called it derives the Pod's requests from its limits and its containers'
 * (defaultPodRequests in pkg/apis/core/v1/defaults.go). So a companion requests nothing of a resource that the Pod sets.
 *
 * @param own as the Pod has them; empty where it has none
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

    /** Leaves a companion what the Pod does not set itself, each resource for itself. */
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
                    // Without a request the API server would take the limit for one.
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
     * The companion's resources as they may be in the final Pod: what it has as the profile says it may keep. The API server adds to the
     * Pod's own resources, so a manifest that was injected before it was sent leaves the companion more than the webhook would.
     *
     * @param profiles as the profile has them, without regard to the Pod
     * @param wanted as they are in this Pod
     * @param present as the companion has them
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
