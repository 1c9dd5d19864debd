package dev.pillion.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.reason.Reason;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the API server asks about, as far as Pillion needs it (admission.k8s.io/v1, AdmissionRequest).
 *
 * @param resource group and resource, as {@code pods} or {@code apps/deployments}
 * @param subResource empty for the resource itself
 * @param namespace where the object is being made; the object itself need not say
 * @param dryRun whether nothing will be stored
 * @param object missing where there is none, as for DELETE
 * @param oldObject as it was before; missing where there was none, as for CREATE
 * @param unreadable why the objects were not read, for example because they exceed a limit; they are missing then
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

    /** Of objects that were read. */
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

    /** Of an object that is new. */
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

    /** The same request of a Pod of which only the metadata are kept. */
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

    public AdmissionRequest withUid(String other) {
        return new AdmissionRequest(
                other, resource, subResource, operation, namespace, dryRun, object, oldObject, unreadable);
    }

    /** A hash of what the requests for one workload's Pods have in common. */
    public int templateHash() {
        JsonNode metadata = object.path("metadata");
        return Objects.hash(
                resource,
                operation,
                namespace,
                dryRun,
                metadata.path("generateName"),
                metadata.path("name"),
                metadata.path("labels"),
                metadata.path("ownerReferences"));
    }

    /** Whether this is the making of a Pod, which is all that Pillion has a say in. */
    public boolean createsPod() {
        return isPodCreation() && object.isObject();
    }

    /** The reason why the Pod that is being created was not read. */
    Optional<Reason> unreadablePod() {
        return isPodCreation() ? unreadable : Optional.empty();
    }

    private boolean isPodCreation() {
        return resource.equals("pods") && subResource.isEmpty() && operation.equals("CREATE");
    }
}
