package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Adds the defaults of injected containers: the fields that the {@code restricted} Pod Security Standard requires, and resource requests. Without
 * requests, a ResourceQuota rejects the Pod and an autoscaler cannot compute its usage.
 */
final class Hardening {

    private Hardening() {}

    static void apply(ObjectNode container) {
        secure(container);
        request(container);
    }

    private static void secure(ObjectNode container) {
        if (!(absentOrMap(container, "securityContext") instanceof ObjectNode context)) {
            return;
        }
        // The API server rejects allowPrivilegeEscalation: false for a container that is privileged or has
        // CAP_SYS_ADMIN.
        boolean privileged = context.path("privileged").asBoolean()
                || context.path("capabilities").toString().contains("SYS_ADMIN");
        if (!privileged && !context.hasNonNull("allowPrivilegeEscalation")) {
            context.put("allowPrivilegeEscalation", false);
        }
        if (!context.path("capabilities").hasNonNull("drop")
                && absentOrMap(context, "capabilities") instanceof ObjectNode capabilities) {
            capabilities.putArray("drop").add("ALL");
        }
        if (!context.hasNonNull("runAsNonRoot")) {
            context.put("runAsNonRoot", true);
        }
        if (!context.hasNonNull("seccompProfile")) {
            context.putObject("seccompProfile").put("type", "RuntimeDefault");
        }
    }

    private static void request(ObjectNode container) {
        if (!(absentOrMap(container, "resources") instanceof ObjectNode resources)) {
            return;
        }
        boolean cpu = !resources.path("requests").hasNonNull("cpu")
                && !resources.path("limits").hasNonNull("cpu");
        boolean memory = !resources.path("requests").hasNonNull("memory")
                && !resources.path("limits").hasNonNull("memory");
        if ((cpu || memory) && absentOrMap(resources, "requests") instanceof ObjectNode requests) {
            if (cpu) {
                requests.put("cpu", "10m");
            }
            if (memory) {
                requests.put("memory", "32Mi");
            }
        }
    }

    /** The map in this field. It is created if the field is absent or null. Another value, such as an expression, is returned unchanged. */
    private static JsonNode absentOrMap(ObjectNode owner, String field) {
        return owner.hasNonNull(field) ? owner.path(field) : owner.putObject(field);
    }
}
