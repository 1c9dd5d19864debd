package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;

/** How many Pods the update strategy of a workload allows to be unavailable while they are replaced. */
final class UnavailablePods {

    private static final int PERCENT = 100;

    private UnavailablePods() {}

    static long during(WorkloadState workload) {
        JsonNode spec = workload.tree().path("spec");
        JsonNode update = spec.path("updateStrategy").path("rollingUpdate");
        return switch (workload.type()) {
            case DAEMON_SET ->
                number(
                        update.path("maxUnavailable").asText("1"),
                        workload.tree()
                                .path("status")
                                .path("desiredNumberScheduled")
                                .asLong(),
                        true);
            case STATEFUL_SET ->
                Math.max(1, number(update.path("maxUnavailable").asText("1"), replicas(spec), false));
            default -> ofDeployment(spec);
        };
    }

    /** Without another limit, a quarter of the Pods (apps/v1). */
    private static long ofDeployment(JsonNode spec) {
        JsonNode strategy = spec.path("strategy");
        if (strategy.path("type").asText().equals("Recreate")) {
            return replicas(spec);
        }
        JsonNode update = strategy.path("rollingUpdate");
        long surge = number(update.path("maxSurge").asText("25%"), replicas(spec), true);
        long unavailable = number(update.path("maxUnavailable").asText("25%"), replicas(spec), false);
        // Otherwise the controller could not replace a Pod (ResolveFenceposts in pkg/controller/deployment/util).
        return surge == 0 && unavailable == 0 ? 1 : unavailable;
    }

    private static long replicas(JsonNode spec) {
        return spec.path("replicas").asLong(1);
    }

    /** @param limit a number, or a percentage of all */
    private static long number(String limit, long all, boolean roundUp) {
        if (!limit.endsWith("%")) {
            return Long.parseLong(limit);
        }
        long percent = Long.parseLong(limit.substring(0, limit.length() - 1));
        return roundUp ? Math.ceilDiv(percent * all, PERCENT) : percent * all / PERCENT;
    }
}
