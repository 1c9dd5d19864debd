package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.pod.Pod;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the status of a Pod. */
final class PodState {

    private PodState() {}

    /** Whether the Pod has the condition Ready. */
    static boolean isReady(Pod pod) {
        return condition(pod, "Ready").isPresent();
    }

    /** The condition of a type, if it is true. */
    static Optional<JsonNode> condition(Pod pod, String type) {
        return anyCondition(pod, type)
                .filter(condition -> condition.path("status").asText().equals("True"));
    }

    /** The condition of a type. */
    static Optional<JsonNode> anyCondition(Pod pod, String type) {
        return pod.tree()
                .path("status")
                .path("conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst();
    }

    /** The statuses of the Pod's init containers and containers. */
    static Stream<JsonNode> containers(Pod pod) {
        JsonNode status = pod.tree().path("status");
        return Stream.concat(
                status.path("initContainerStatuses").valueStream(),
                status.path("containerStatuses").valueStream());
    }

    /** The status of a container; missing if there is none. */
    static JsonNode container(Pod pod, String name) {
        return containers(pod)
                .filter(status -> status.path("name").asText().equals(name))
                .findFirst()
                .orElseGet(MissingNode::getInstance);
    }
}
