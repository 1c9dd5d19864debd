package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.ResourceType;
import dev.pillion.pod.Namespace;
import java.util.List;

/**
 * A Deployment, StatefulSet or DaemonSet at one moment.
 *
 * @param tree the object
 * @param pods its Pods, except those that have ended or are being deleted
 */
record WorkloadState(Target target, ResourceType type, Namespace namespace, JsonNode tree, List<CheckedPod> pods) {

    WorkloadState {
        pods = List.copyOf(pods);
    }

    List<CheckedPod> outdated() {
        return pods.stream().filter(CheckedPod::isOutdated).toList();
    }

    RolloutStatus status() {
        return RolloutStatus.of(type, tree);
    }
}
