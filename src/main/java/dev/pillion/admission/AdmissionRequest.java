package dev.pillion.admission;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the API server asks about, as far as Pillion needs it (admission.k8s.io/v1, AdmissionRequest).
 *
 * @param resource group and resource, as {@code pods} or {@code apps/deployments}
 * @param subResource empty for the resource itself
 * @param namespace where the object is being made; the object itself need not say
 * @param dryRun whether nothing will be stored
 * @param object missing where there is none, as for DELETE
 */
public record AdmissionRequest(
        String uid,
        String resource,
        String subResource,
        String operation,
        String namespace,
        boolean dryRun,
        JsonNode object) {

    /** Whether this is the making of a Pod, which is all that Pillion has a say in. */
    public boolean createsPod() {
        return resource.equals("pods") && subResource.isEmpty() && operation.equals("CREATE") && object.isObject();
    }
}
