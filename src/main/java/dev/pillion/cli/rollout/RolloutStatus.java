package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.ResourceType;

/** Whether the Pods of a workload are those of its template, and available: the conditions of {@code kubectl rollout status}. */
sealed interface RolloutStatus {

    /** All Pods are up to date and available. */
    record Complete() implements RolloutStatus {}

    /** @param detail what is not complete */
    record Progressing(String detail) implements RolloutStatus {}

    /** The rollout will not complete by itself. */
    record Failed(String reason) implements RolloutStatus {}

    /** The status of a Deployment, StatefulSet or DaemonSet (kubectl's {@code rollout_status.go}). */
    static RolloutStatus of(ResourceType type, JsonNode workload) {
        JsonNode status = workload.path("status");
        if (!isObserved(workload)) {
            return new Progressing("the controller has not seen the new template yet");
        }
        return switch (type) {
            case STATEFUL_SET -> ofStatefulSet(workload, status);
            case DAEMON_SET -> ofDaemonSet(status);
            default -> ofDeployment(workload, status);
        };
    }

    /** Whether the status is about the current template. */
    static boolean isObserved(JsonNode workload) {
        return workload.path("status").path("observedGeneration").asLong()
                >= workload.path("metadata").path("generation").asLong();
    }

    private static RolloutStatus ofDeployment(JsonNode workload, JsonNode status) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("Progressing")
                    && condition.path("reason").asText().equals("ProgressDeadlineExceeded")) {
                return new Failed("its progress deadline is exceeded");
            }
        }
        long wanted = workload.path("spec").path("replicas").asLong(1);
        long updated = status.path("updatedReplicas").asLong();
        long old = status.path("replicas").asLong() - updated;
        long available = status.path("availableReplicas").asLong();
        if (updated < wanted) {
            return new Progressing(updated + " of " + wanted + " Pods are updated");
        }
        if (old > 0) {
            return new Progressing(old + (old == 1 ? " old Pod has" : " old Pods have") + " not ended yet");
        }
        return available < updated ? notAvailable(available, updated) : new Complete();
    }

    private static RolloutStatus ofStatefulSet(JsonNode workload, JsonNode status) {
        JsonNode spec = workload.path("spec");
        long wanted = spec.path("replicas").asLong(1);
        long ready = status.path("readyReplicas").asLong();
        long partition = partition(workload);
        if (ready < wanted) {
            return new Progressing(ready + " of " + wanted + " Pods are ready");
        }
        long updated = status.path("updatedReplicas").asLong();
        if (partition > 0) {
            return updated < wanted - partition
                    ? new Progressing(updated + " of " + (wanted - partition) + " Pods are updated")
                    : new Complete();
        }
        return status.path("updateRevision")
                        .asText()
                        .equals(status.path("currentRevision").asText())
                ? new Complete()
                : new Progressing(updated + " of " + wanted + " Pods are updated");
    }

    private static RolloutStatus ofDaemonSet(JsonNode status) {
        long wanted = status.path("desiredNumberScheduled").asLong();
        long updated = status.path("updatedNumberScheduled").asLong();
        long available = status.path("numberAvailable").asLong();
        if (updated < wanted) {
            return new Progressing(updated + " of " + wanted + " Pods are updated");
        }
        return available < wanted ? notAvailable(available, wanted) : new Complete();
    }

    private static RolloutStatus notAvailable(long available, long wanted) {
        return new Progressing(available + " of " + wanted + " updated Pods are available");
    }

    /** The Pods of a StatefulSet with a lower ordinal keep their template; 0 for all other workloads. */
    static long partition(JsonNode workload) {
        return workload.path("spec")
                .path("updateStrategy")
                .path("rollingUpdate")
                .path("partition")
                .asLong();
    }

    /** Whether the controller replaces a Pod only after someone has deleted it. */
    static boolean replacesOnDelete(JsonNode workload) {
        return workload.path("spec")
                .path("updateStrategy")
                .path("type")
                .asText()
                .equals("OnDelete");
    }
}
