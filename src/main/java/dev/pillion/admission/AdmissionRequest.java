package dev.pillion.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.reason.Reason;
import java.util.List;
import java.util.Optional;

/**
 * A request of the API server, as far as Pillion needs it (admission.k8s.io/v1, AdmissionRequest).
 *
 * @param resource group and resource, as {@code pods} or {@code apps/deployments}
 * @param subResource empty for the resource itself
 * @param namespace of the object; the object itself may not have it yet
 * @param dryRun whether the object will not be stored
 * @param object a missing node if there is none, as for DELETE
 * @param oldObject the object before the change; a missing node if there is none, as for CREATE
 * @param unreadable why the objects were not read, for example because they exceed a limit; the objects are missing nodes then
 */
public record AdmissionRequest(
        String uid,
        String resource,
        String subResource,
        String operation,
        String namespace,
        boolean dryRun,
        JsonNode object,
        JsonNode oldObject,
        Optional<Reason> unreadable) {

    /** A request whose objects were read. */
    public AdmissionRequest(
            String uid,
            String resource,
            String subResource,
            String operation,
            String namespace,
            boolean dryRun,
            JsonNode object,
            JsonNode oldObject) {
        this(uid, resource, subResource, operation, namespace, dryRun, object, oldObject, Optional.empty());
    }

    /** A request for a new object. */
    AdmissionRequest(
            String uid,
            String resource,
            String subResource,
            String operation,
            String namespace,
            boolean dryRun,
            JsonNode object) {
        this(uid, resource, subResource, operation, namespace, dryRun, object, MissingNode.getInstance());
    }

    /** The same request with only the part of the Pod that Events need. */
    public AdmissionRequest withoutSpec() {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        for (String field : List.of("name", "generateName", "ownerReferences")) {
            JsonNode value = object.path("metadata").path(field);
            if (!value.isMissingNode()) {
                metadata.set(field, value);
            }
        }
        ObjectNode slim = JsonNodeFactory.instance.objectNode().set("metadata", metadata);
        return new AdmissionRequest(uid, resource, subResource, operation, namespace, dryRun, slim);
    }

    public AdmissionRequest withUid(String newUid) {
        return new AdmissionRequest(
                newUid, resource, subResource, operation, namespace, dryRun, object, oldObject, unreadable);
    }

    /** Whether this is the creation of a Pod, and the Pod was read. */
    public boolean isPodCreation() {
        return concernsPodCreation() && object.isObject();
    }

    /** The reason why the Pod that is being created was not read. */
    Optional<Reason> unreadablePod() {
        return concernsPodCreation() ? unreadable : Optional.empty();
    }

    private boolean concernsPodCreation() {
        return resource.equals("pods") && subResource.isEmpty() && operation.equals("CREATE");
    }
}
