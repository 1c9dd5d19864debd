package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.audit.InPlaceUpdate;
import dev.pillion.pod.Pod;
import java.util.HashMap;
import java.util.Map;

/**
 * The containers of a Pod whose images were changed.
 *
 * @param containers the ID of each before the change, by name; empty if it had none
 * @param wasReady whether the Pod was ready before
 */
record RestartingPod(Map<String, String> containers, boolean wasReady) {

    RestartingPod {
        containers = Map.copyOf(containers);
    }

    static RestartingPod of(Pod pod, InPlaceUpdate update) {
        Map<String, String> containers = new HashMap<>();
        update.images()
                .forEach(image -> containers.put(
                        image.container(),
                        PodState.container(pod, image.container())
                                .path("containerID")
                                .asText()));
        return new RestartingPod(containers, PodState.isReady(pod));
    }

    boolean isDone(Pod pod) {
        return (PodState.isReady(pod) || !wasReady)
                && containers.entrySet().stream().allMatch(container -> {
                    JsonNode status = PodState.container(pod, container.getKey());
                    return status.path("ready").asBoolean()
                            && status.path("state").has("running")
                            && !status.path("containerID").asText().equals(container.getValue());
                });
    }
}
