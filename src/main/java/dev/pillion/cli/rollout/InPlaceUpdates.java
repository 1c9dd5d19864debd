package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.RejectedResizeException;
import dev.pillion.cluster.ResourceType;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadWriter;
import dev.pillion.injection.audit.InPlaceUpdate;
import dev.pillion.injection.audit.InPlaceUpdate.Image;
import dev.pillion.injection.audit.Resize;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Changes the resources and images of companions in the live Pods of one workload, and waits until they have effect. The resources of a Pod come
 * first. When the kubelet has applied them, one request changes the images and the status.
 */
final class InPlaceUpdates {

    /** How long the kubelet may delay new resources at most, for example because the node has no room. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Target target;
    private final WorkloadWriter writer;
    private final RolloutLog log;
    private final RolloutClock clock;
    private final int maxUnavailable;
    private final Map<String, RestartingPod> restarting = new HashMap<>();
    private final Map<String, Instant> delayed = new HashMap<>();

    /** @param maxUnavailable a Pod is changed only if this many Pods of its workload are unavailable afterwards; it may restart a container */
    InPlaceUpdates(Target target, WorkloadWriter writer, RolloutLog log, RolloutClock clock, int maxUnavailable) {
        this.target = target;
        this.writer = writer;
        this.log = log;
        this.clock = clock;
        this.maxUnavailable = maxUnavailable;
    }

    /**
     * Changes all Pods for which an update in place is enough.
     *
     * @param timeout for all Pods together
     * @return why a Pod did not become ready again within the timeout; empty if all did
     * @throws RejectedResizeException if the resources of a Pod cannot change
     */
    Optional<String> update(Workloads workloads, ResourceType type, Duration timeout)
            throws UnreachableClusterException, RejectedResizeException, InterruptedException {
        Instant deadline = clock.now().plus(timeout);
        // A restart needs time too.
        Duration patience = timeout.dividedBy(2).compareTo(PATIENCE) < 0 ? timeout.dividedBy(2) : PATIENCE;
        while (true) {
            List<CheckedPod> pods =
                    workloads.read(target, type).map(WorkloadState::pods).orElse(List.of());
            restarting.keySet().retainAll(pods.stream().map(InPlaceUpdates::uid).toList());
            pods.forEach(checked ->
                    restarting.computeIfPresent(uid(checked), (_, each) -> each.isDone(checked.pod()) ? null : each));
            if (restarting.isEmpty()
                    && pods.stream().noneMatch(checked -> checked.update().isPresent())) {
                return Optional.empty();
            }
            for (CheckedPod checked : pods) {
                checkResize(checked, patience);
            }
            Optional<CheckedPod> next = next(pods);
            boolean changed = next.isPresent() && change(next.get());
            if (!changed) {
                if (!clock.now().isBefore(deadline)) {
                    return Optional.of(problem(pods));
                }
                clock.pause();
            }
        }
    }

    private void checkResize(CheckedPod checked, Duration patience) throws RejectedResizeException {
        Optional<ResizeState> state = checked.resizeState();
        if (state.isPresent() && state.get() instanceof ResizeState.Infeasible(String reason)) {
            throw rejected(checked, reason);
        }
        if (state.isEmpty() || !(state.get() instanceof ResizeState.Delayed(String reason))) {
            delayed.remove(uid(checked));
            return;
        }
        log.line(target, "Pod " + checked.pod().name() + ": the kubelet delays the new resources (" + reason + ")");
        Instant now = clock.now();
        Instant since = delayed.computeIfAbsent(uid(checked), _ -> now);
        if (!now.isBefore(since.plus(patience))) {
            throw rejected(checked, reason);
        }
    }

    private static RejectedResizeException rejected(CheckedPod checked, String reason) {
        return new RejectedResizeException(
                "Pod " + checked.pod().name() + ": the kubelet does not apply the new resources (" + reason + ")");
    }

    /** The next Pod to change: first those that are not ready, because their change makes no other Pod unavailable. */
    private Optional<CheckedPod> next(List<CheckedPod> pods) {
        long unavailable = pods.stream().filter(this::isUnavailable).count();
        return pods.stream()
                .filter(checked -> checked.update().isPresent() && !checked.awaitsResources())
                .filter(checked -> unavailable < maxUnavailable || isUnavailable(checked))
                .min(Comparator.comparing((CheckedPod checked) -> PodState.isReady(checked.pod()))
                        .thenComparing(checked -> checked.pod().name()));
    }

    private boolean isUnavailable(CheckedPod checked) {
        return restarting.containsKey(uid(checked))
                || checked.resizeState().isPresent()
                || !PodState.isReady(checked.pod());
    }

    /** Returns false if the Pod has changed since it was read. */
    private boolean change(CheckedPod checked) throws UnreachableClusterException, RejectedResizeException {
        InPlaceUpdate update = checked.update().orElseThrow();
        List<Resize> resizes = update.missingResizes();
        return resizes.isEmpty() ? changeImages(checked, update) : resize(checked, resizes);
    }

    private boolean resize(CheckedPod checked, List<Resize> resizes)
            throws UnreachableClusterException, RejectedResizeException {
        Map<ContainerList, Map<String, JsonNode>> resources = new EnumMap<>(ContainerList.class);
        for (Resize each : resizes) {
            resources.computeIfAbsent(each.list(), _ -> new LinkedHashMap<>()).put(each.container(), each.needed());
        }
        if (!writer.resize(checked.pod(), resources)) {
            return false;
        }
        for (Resize each : resizes) {
            say(
                    checked,
                    "container " + each.container() + " gets "
                            + each.changes().stream().map(Object::toString).collect(Collectors.joining(", ")));
        }
        return true;
    }

    private boolean changeImages(CheckedPod checked, InPlaceUpdate update) throws UnreachableClusterException {
        Map<ContainerList, Map<String, String>> images = new EnumMap<>(ContainerList.class);
        for (Image image : update.images()) {
            images.computeIfAbsent(image.list(), _ -> new LinkedHashMap<>()).put(image.container(), image.needed());
        }
        if (!writer.update(checked.pod(), images, Map.of(Annotations.STATUS, update.status()))) {
            return false;
        }
        restarting.put(uid(checked), RestartingPod.of(checked.pod(), update));
        if (update.images().isEmpty() && update.resizes().isEmpty()) {
            say(checked, "no container changes, only the status");
        }
        for (Image image : update.images()) {
            say(
                    checked,
                    "container " + image.container() + " gets " + image.needed() + " instead of " + image.present());
        }
        return true;
    }

    private void say(CheckedPod checked, String event) {
        log.line(target, "Pod " + checked.pod().name() + ": " + event);
    }

    private String problem(List<CheckedPod> pods) {
        List<Pod> changed = pods.stream()
                .filter(checked -> restarting.containsKey(uid(checked)))
                .map(CheckedPod::pod)
                .toList();
        return UnreadyPod.in(changed)
                .or(() -> changed.stream()
                        .findFirst()
                        .map(pod -> "Pod " + pod.name() + ": the kubelet has not restarted the container yet"))
                .or(() -> pods.stream()
                        .filter(CheckedPod::awaitsResources)
                        .findFirst()
                        .map(checked ->
                                "Pod " + checked.pod().name() + ": the kubelet has not applied the new resources yet"))
                .or(() -> UnreadyPod.in(pods.stream().map(CheckedPod::pod).toList()))
                .orElse("its Pods changed each time before they could be updated");
    }

    private static String uid(CheckedPod checked) {
        return checked.pod().tree().path("metadata").path("uid").asText();
    }
}
