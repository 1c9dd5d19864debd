package dev.pillion.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadReader;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A workload of a cluster.
 *
 * @param tree the object
 * @param pods its Pods; the Pod itself if it is one
 * @param denials Events about its Pods that Pillion denied, the newest first
 */
public record LiveWorkload(JsonNode tree, Namespace namespace, List<Pod> pods, List<JsonNode> denials) {

    /** The API server's message contains the name of the webhook in this form. */
    private static final String DENIAL = ".pillion.dev\" denied the request";

    /** A ReplicaSet's name is the name of its Deployment and a hash; a Job's is the name of its CronJob and a time. */
    private static final String GENERATED = "-[a-z0-9]{1,12}";

    public LiveWorkload {
        pods = List.copyOf(pods);
        denials = List.copyOf(denials);
    }

    /** Reads the Pods and Events of a workload. */
    public static LiveWorkload read(JsonNode tree, Namespace namespace, WorkloadReader reader)
            throws UnreachableClusterException, MalformedPodException {
        List<Pod> pods = new ArrayList<>();
        if (isPod(tree)) {
            pods.add(Pod.of(tree));
        } else {
            for (JsonNode pod : reader.selectedPods(tree)) {
                Pod read = Pod.of(pod);
                if (owns(tree, read)) {
                    pods.add(read);
                }
            }
        }
        List<JsonNode> denials = isPod(tree)
                ? List.of()
                : reader.failedCreations(namespace.name()).stream()
                        .filter(event -> event.path("message").asText().contains(DENIAL))
                        .filter(event -> isAbout(event.path("involvedObject"), tree))
                        .sorted(Comparator.comparing(
                                        (JsonNode event) -> time(event).orElse(Instant.EPOCH))
                                .reversed())
                        .toList();
        return new LiveWorkload(tree, namespace, pods, denials);
    }

    /** The time of the last occurrence of an Event: old and new clients set different fields. */
    public static Optional<Instant> time(JsonNode event) {
        return Stream.of(
                        event.path("series").path("lastObservedTime"),
                        event.path("lastTimestamp"),
                        event.path("eventTime"),
                        event.path("metadata").path("creationTimestamp"))
                .filter(JsonNode::isTextual)
                .findFirst()
                .map(time -> Instant.parse(time.textValue()));
    }

    private static boolean isPod(JsonNode tree) {
        return tree.path("kind").asText().equals("Pod");
    }

    private static boolean owns(JsonNode workload, Pod pod) {
        String kind = workload.path("kind").asText();
        String name = workload.path("metadata").path("name").asText();
        String uid = workload.path("metadata").path("uid").asText();
        return pod.owner().kind().equals(kind) && pod.owner().name().equals(name)
                || pod.tree()
                        .path("metadata")
                        .path("ownerReferences")
                        .valueStream()
                        .anyMatch(owner -> owner.path("uid").asText().equals(uid));
    }

    private static boolean isAbout(JsonNode object, JsonNode workload) {
        String kind = workload.path("kind").asText();
        String name = workload.path("metadata").path("name").asText();
        String objectKind = object.path("kind").asText();
        String objectName = object.path("name").asText();
        return objectKind.equals(kind) && objectName.equals(name)
                || (kind.equals("Deployment") && objectKind.equals("ReplicaSet")
                                || kind.equals("CronJob") && objectKind.equals("Job"))
                        && Pattern.matches(Pattern.quote(name) + GENERATED, objectName);
    }
}
