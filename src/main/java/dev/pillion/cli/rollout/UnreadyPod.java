package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.pod.Pod;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says why a Pod is not ready. */
final class UnreadyPod {

    /** The kubelet waits with these reasons also for Pods that start normally. */
    private static final Set<String> STARTING = Set.of("PodInitializing", "ContainerCreating");

    private UnreadyPod() {}

    /** The newest of these Pods that is not ready, with the state of one of its containers; empty if all are ready. */
    static Optional<String> in(List<Pod> pods) {
        return pods.stream()
                .filter(pod -> !PodState.isReady(pod))
                .max(Comparator.comparing(pod ->
                        pod.tree().path("metadata").path("creationTimestamp").asText()))
                .map(pod -> "Pod " + pod.name() + ": " + problem(pod));
    }

    /** Why a workload is not ready: the state of a Pod, or why its controller cannot create Pods. */
    static Optional<String> cause(WorkloadState workload) {
        return in(workload.pods().stream().map(CheckedPod::pod).toList()).or(() -> workload.tree()
                .path("status")
                .path("conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asText().equals("ReplicaFailure"))
                .map(condition -> condition.path("message").asText())
                .findFirst());
    }

    private static String problem(Pod pod) {
        return PodState.containers(pod)
                .flatMap(container -> failure(container).stream())
                .findFirst()
                .or(() -> PodState.anyCondition(pod, "PodScheduled")
                        .filter(scheduled -> scheduled.path("status").asText().equals("False"))
                        .map(scheduled ->
                                "is not scheduled: " + scheduled.path("message").asText()))
                .or(() -> PodState.containers(pod)
                        .filter(container -> !container.path("ready").asBoolean())
                        .map(container -> name(container) + " is " + state(container))
                        .findFirst())
                .orElse("is not ready");
    }

    private static Optional<String> failure(JsonNode container) {
        JsonNode waiting = container.path("state").path("waiting");
        String reason = waiting.path("reason").asText();
        if (!reason.isEmpty() && !STARTING.contains(reason)) {
            String message = waiting.path("message").asText();
            return Optional.of(name(container) + " is waiting: " + reason + (message.isEmpty() ? "" : ": " + message));
        }
        JsonNode ended = container.path("state").path("terminated");
        return ended.path("exitCode").asInt() == 0
                ? Optional.empty()
                : Optional.of(name(container) + " ended with exit code "
                        + ended.path("exitCode").asInt() + ": "
                        + ended.path("reason").asText());
    }

    private static String name(JsonNode container) {
        return "container " + container.path("name").asText();
    }

    private static String state(JsonNode container) {
        JsonNode state = container.path("state");
        if (state.has("running")) {
            return "running, but not ready";
        }
        return state.has("terminated")
                ? "ended"
                : "waiting: " + state.path("waiting").path("reason").asText("unknown");
    }
}
