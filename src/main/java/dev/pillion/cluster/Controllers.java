package dev.pillion.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Follows the controllers of objects, for example from a Pod to its ReplicaSet and from there to a custom resource (metav1.OwnerReference). Each
 * controller is read once. Not thread-safe.
 */
public final class Controllers {

    /** Knative has the longest known chain: Pod, ReplicaSet, Deployment, Revision, Configuration, Service. */
    private static final int LONGEST = 10;

    private final ApiDiscovery discovery;
    private final WorkloadReader reader;
    private final Map<String, JsonNode> byUid = new HashMap<>();

    public Controllers(ApiDiscovery discovery, WorkloadReader reader) {
        this.discovery = discovery;
        this.reader = reader;
    }

    /** Whether the object with this uid is an owner of the object, or of its controller, or of the controller of that one, and so on. */
    public boolean leadTo(String uid, JsonNode object) throws UnreachableClusterException {
        JsonNode metadata = object.path("metadata");
        String namespace = metadata.path("namespace").asText();
        for (int length = 0; length < LONGEST; length++) {
            JsonNode controller = MissingNode.getInstance();
            for (JsonNode owner : metadata.path("ownerReferences")) {
                if (owner.path("uid").asText().equals(uid)) {
                    return true;
                }
                if (owner.path("controller").asBoolean()) {
                    controller = owner;
                }
            }
            if (controller.isMissingNode()) {
                return false;
            }
            metadata = read(controller, namespace).path("metadata");
        }
        return false;
    }

    /** A missing node if the controller no longer exists. */
    private JsonNode read(JsonNode reference, String namespace) throws UnreachableClusterException {
        String uid = reference.path("uid").asText();
        JsonNode known = byUid.get(uid);
        if (known != null) {
            return known;
        }
        String kind = reference.path("kind").asText();
        String apiVersion = reference.path("apiVersion").asText();
        Optional<ApiResource> type = Arrays.stream(ResourceType.values())
                .filter(each -> each.kind().equals(kind) && each.apiVersion().equals(apiVersion))
                .map(ApiResource.class::cast)
                .findFirst();
        if (type.isEmpty()) {
            type = discovery.ofKind(apiVersion, kind);
        }
        JsonNode read = type.isEmpty()
                ? MissingNode.getInstance()
                : reader.object(type.get(), namespace, reference.path("name").asText())
                        .orElse(MissingNode.getInstance());
        byUid.put(uid, read);
        return read;
    }
}
