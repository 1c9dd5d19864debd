package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.cluster.ResourceType;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadWriter;
import dev.pillion.injection.audit.ImageUpdate;
import dev.pillion.injection.audit.ImageUpdate.Image;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Changes the images of companions in live Pods, and waits until the new containers run. */
final class InPlaceUpdates {

    private final Workloads workloads;
    private final WorkloadWriter writer;
    private final RolloutLog log;
    private final RolloutClock clock;
    private final int maxUnavailable;

    /** @param maxUnavailable a Pod is changed only if this many Pods of its workload are unavailable afterwards; it restarts a container */
    InPlaceUpdates(Workloads workloads, WorkloadWriter writer, RolloutLog log, RolloutClock clock, int maxUnavailable) {
        this.workloads = workloads;
        this.writer = writer;
        this.log = log;
        this.clock = clock;
        this.maxUnavailable = maxUnavailable;
    }

    /**
     * The containers of a Pod whose images were changed.
     *
     * @param containers the ID of each before the change, by name; empty if it had none
     * @param wasReady whether the Pod was ready before
     */
    private record Restarting(Map<String, String> containers, boolean wasReady) {

        static Restarting of(Pod pod, ImageUpdate update) {
            Map<String, String> containers = new HashMap<>();
            update.images()
                    .forEach(image -> containers.put(
                            image.container(),
                            status(pod, image.container()).path("containerID").asText()));
            return new Restarting(containers, UnreadyPod.isReady(pod));
        }

        boolean isDone(Pod pod) {
            return (UnreadyPod.isReady(pod) || !wasReady)
                    && containers.entrySet().stream().allMatch(container -> {
                        JsonNode status = status(pod, container.getKey());
                        return status.path("ready").asBoolean()
                                && status.path("state").has("running")
                                && !status.path("containerID").asText().equals(container.getValue());
                    });
        }

        private static JsonNode status(Pod pod, String container) {
            return UnreadyPod.containers(pod)
                    .filter(status -> status.path("name").asText().equals(container))
                    .findFirst()
                    .orElseGet(MissingNode::getInstance);
        }
    }

    /**
     * Changes all Pods of a workload for which new images are enough.
     *
     * @return why a Pod did not become ready again until the deadline; empty if all did
     */
    Optional<String> update(Target target, ResourceType type, Instant deadline)
            throws UnreachableClusterException, InterruptedException {
        Map<String, Restarting> restarting = new HashMap<>();
        while (true) {
            List<CheckedPod> pods =
                    workloads.read(target, type).map(WorkloadState::pods).orElse(List.of());
            restarting.keySet().retainAll(pods.stream().map(InPlaceUpdates::uid).toList());
            pods.forEach(checked ->
                    restarting.computeIfPresent(uid(checked), (_, each) -> each.isDone(checked.pod()) ? null : each));
            if (restarting.isEmpty()
                    && pods.stream().noneMatch(checked -> checked.images().isPresent())) {
                return Optional.empty();
            }
            Optional<CheckedPod> next = next(pods, restarting);
            boolean changed = next.isPresent() && change(target, next.get(), restarting);
            if (!changed) {
                if (!clock.now().isBefore(deadline)) {
                    return Optional.of(problem(pods, restarting));
                }
                clock.pause();
            }
        }
    }

    /** The next Pod to change: first those that are not ready, because their change makes no other Pod unavailable. */
    private Optional<CheckedPod> next(List<CheckedPod> pods, Map<String, Restarting> restarting) {
        long unavailable = pods.stream()
                .filter(checked -> isUnavailable(checked, restarting))
                .count();
        return pods.stream()
                .filter(checked -> checked.images().isPresent())
                .min(Comparator.comparing((CheckedPod checked) -> UnreadyPod.isReady(checked.pod()))
                        .thenComparing(checked -> checked.pod().name()))
                .filter(checked -> unavailable < maxUnavailable || isUnavailable(checked, restarting));
    }

    private static boolean isUnavailable(CheckedPod checked, Map<String, Restarting> restarting) {
        return restarting.containsKey(uid(checked)) || !UnreadyPod.isReady(checked.pod());
    }

    /** Returns false if the Pod has changed since it was read. */
    private boolean change(Target target, CheckedPod checked, Map<String, Restarting> restarting)
            throws UnreachableClusterException {
        ImageUpdate update = checked.images().orElseThrow();
        Map<ContainerList, Map<String, String>> images = new EnumMap<>(ContainerList.class);
        for (Image image : update.images()) {
            images.computeIfAbsent(image.list(), _ -> new LinkedHashMap<>()).put(image.container(), image.needed());
        }
        if (!writer.update(checked.pod(), images, Map.of(Annotations.STATUS, update.status()))) {
            return false;
        }
        restarting.put(uid(checked), Restarting.of(checked.pod(), update));
        if (update.images().isEmpty()) {
            log.line(target, "Pod " + checked.pod().name() + ": no container changes, only the status");
        }
        for (Image image : update.images()) {
            log.line(
                    target,
                    "Pod " + checked.pod().name() + ": container " + image.container() + " gets " + image.needed()
                            + " instead of " + image.present());
        }
        return true;
    }

    private static String problem(List<CheckedPod> pods, Map<String, Restarting> restarting) {
        List<Pod> changed = pods.stream()
                .filter(checked -> restarting.containsKey(uid(checked)))
                .map(CheckedPod::pod)
                .toList();
        return UnreadyPod.in(changed)
                .or(() -> changed.stream()
                        .findFirst()
                        .map(pod -> "Pod " + pod.name() + ": the kubelet has not restarted the container yet"))
                .or(() -> UnreadyPod.in(pods.stream().map(CheckedPod::pod).toList()))
                .orElse("its Pods changed each time before they could be updated");
    }

    private static String uid(CheckedPod checked) {
        return checked.pod().tree().path("metadata").path("uid").asText();
    }
}
