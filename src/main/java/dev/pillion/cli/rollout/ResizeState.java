package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.audit.Resize;
import dev.pillion.pod.Pod;
import dev.pillion.pod.Quantity;
import java.util.List;
import java.util.Optional;

/** Whether the kubelet has applied the new resources of a Pod (KEP-1287). */
sealed interface ResizeState {

    /** The containers have the new resources. */
    record Applied() implements ResizeState {}

    /** The kubelet applies them soon. */
    record Waiting() implements ResizeState {}

    /** The kubelet tries again until other Pods end or the container uses less memory. */
    record Delayed(String reason) implements ResizeState {}

    /** The node can never apply them. */
    record Infeasible(String reason) implements ResizeState {}

    /** @param resizes those that the Pod's spec has */
    static ResizeState of(Pod pod, List<Resize> resizes) {
        Optional<JsonNode> pending = current(pod, "PodResizePending");
        if (pending.isPresent()) {
            String reason = words(pending.get());
            return pending.get().path("reason").asText().equals("Infeasible")
                    ? new Infeasible(reason)
                    : new Delayed(reason);
        }
        Optional<JsonNode> inProgress = current(pod, "PodResizeInProgress");
        if (inProgress.isPresent()) {
            return inProgress.get().path("reason").asText().equals("Error")
                    ? new Delayed(words(inProgress.get()))
                    : new Waiting();
        }
        return isObserved(pod.tree().path("status"), pod)
                        && resizes.stream().allMatch(resize -> hasResources(pod, resize))
                ? new Applied()
                : new Waiting();
    }

    /** A condition of the present spec. Kubernetes 1.33 does not say to which spec a condition belongs. */
    private static Optional<JsonNode> current(Pod pod, String type) {
        return PodState.condition(pod, type).filter(condition -> isObserved(condition, pod));
    }

    private static boolean isObserved(JsonNode observer, Pod pod) {
        return !observer.has("observedGeneration")
                || observer.path("observedGeneration").asLong()
                        >= pod.tree().path("metadata").path("generation").asLong();
    }

    private static String words(JsonNode condition) {
        return condition.path("reason").asText() + ": "
                + condition.path("message").asText();
    }

    /** The runtime rounds requests, so those count that the kubelet has allocated. Kubelets report them from 1.33 on. */
    private static boolean hasResources(Pod pod, Resize resize) {
        JsonNode status = PodState.container(pod, resize.container());
        return has(status.path("allocatedResources"), resize.needed().path("requests"))
                && has(status.path("resources").path("limits"), resize.needed().path("limits"));
    }

    private static boolean has(JsonNode present, JsonNode needed) {
        return needed.properties().stream()
                .allMatch(amount -> Quantity.same(
                        present.path(amount.getKey()).asText(),
                        amount.getValue().asText()));
    }
}
