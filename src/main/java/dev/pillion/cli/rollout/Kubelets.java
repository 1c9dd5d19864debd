package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.ClusterReader;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.injection.audit.InPlaceUpdate;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.KubernetesVersion;
import dev.pillion.pod.Pod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether kubelets apply new images and resources of companions. */
final class Kubelets {

    /** The first version that restarts native sidecars too (kubernetes/kubernetes#126525). Every version restarts other containers. */
    private static final int RESTARTS_NATIVE_SIDECARS = 32;

    /** The first version that has the subresource {@code resize} by default (KEP-1287). */
    private static final int RESIZES = 33;

    /** A kubelet may be this much older than the API server (Kubernetes' version skew policy). */
    private static final int SKEW = 3;

    private final ClusterReader reader;
    private final Map<String, Boolean> nodes = new HashMap<>();

    Kubelets(ClusterReader reader) {
        this.reader = reader;
    }

    /** Whether new images and resources are enough for all these Pods, and the kubelets of their nodes apply them. */
    boolean canUpdate(List<CheckedPod> pods) throws UnreachableClusterException {
        for (CheckedPod checked : pods) {
            Optional<InPlaceUpdate> update = checked.update();
            if (update.isEmpty()
                    || hasNativeSidecar(update.get()) && !restartsNativeSidecars(checked.pod())
                    || !update.get().resizes().isEmpty() && !resizes(checked.pod())) {
                return false;
            }
        }
        return true;
    }

    /** A kubelet that can change resources reports those of running containers (isPodResizeRequestSupported in the validation of Pods). */
    private boolean resizes(Pod pod) throws UnreachableClusterException {
        return isAtLeast(reader.server().version(), RESIZES)
                && pod.tree()
                        .path("status")
                        .path("containerStatuses")
                        .valueStream()
                        .filter(status -> status.path("state").has("running"))
                        .allMatch(status -> status.has("resources"));
    }

    private static boolean hasNativeSidecar(InPlaceUpdate update) {
        return update.images().stream().anyMatch(image -> image.list() == ContainerList.INIT_CONTAINERS);
    }

    private boolean restartsNativeSidecars(Pod pod) throws UnreachableClusterException {
        String node = pod.spec("nodeName").asText();
        Boolean known = nodes.get(node);
        if (known == null) {
            known = isAtLeast(reader.server().version(), RESTARTS_NATIVE_SIDECARS + SKEW)
                    || !node.isEmpty() && isAtLeast(version(node), RESTARTS_NATIVE_SIDECARS);
            nodes.put(node, known);
        }
        return known;
    }

    /** The version of the kubelet; empty if these credentials cannot read the node. */
    private Optional<KubernetesVersion> version(String node) {
        try {
            return reader.node(node).map(Kubelets::kubeletVersion).flatMap(KubernetesVersion::parse);
        } catch (UnreachableClusterException e) {
            return Optional.empty();
        }
    }

    private static String kubeletVersion(JsonNode node) {
        return node.path("status").path("nodeInfo").path("kubeletVersion").asText();
    }

    private static boolean isAtLeast(Optional<KubernetesVersion> version, int minor) {
        return version.filter(each -> each.minor() >= minor).isPresent();
    }
}
