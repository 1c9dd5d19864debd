package dev.pillion.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * What the API server asks about, as far as Pillion needs it (admission.k8s.io/v1, AdmissionRequest).
 *
 * @param resource group and resource, as {@code pods} or {@code apps/deployments}
 * @param subResource empty for the resource itself
 * @param namespace where the object is being made; the object itself need not say
 * @param dryRun whether nothing will be stored
 * @param object missing where there is none, as for DELETE
 * @param oldObject as it was before; missing where there was none, as for CREATE
 */
public record AdmissionRequest(
        String uid,
        String resource,
        String subResource,
        String operation,
        String namespace,
        boolean dryRun,
        JsonNode object,
        JsonNode oldObject) {

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

    /** Whether this is the making of a Pod, which is all that Pillion has a say in. */
    public boolean createsPod() {
        return resource.equals("pods") && subResource.isEmpty() && operation.equals("CREATE") && object.isObject();
    }
}
