package dev.pillion.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cluster.ApiResource;
import dev.pillion.cluster.Controllers;
import dev.pillion.cluster.ResourceType;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadReader;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.pod.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A workload of a cluster, of a built-in or a custom type.
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
    public static LiveWorkload read(
            JsonNode tree, ApiResource type, Namespace namespace, WorkloadReader reader, Controllers controllers)
            throws UnreachableClusterException, MalformedPodException {
        List<Pod> pods =
                switch (type) {
                    case ResourceType.POD -> List.of(Pod.of(tree));
                    case ResourceType _ -> selected(tree, reader);
                    case ApiResource _ -> controlled(tree, namespace, reader, controllers);
                };
        List<JsonNode> denials = type == ResourceType.POD
                ? List.of()
                : reader.failedCreations(namespace.name()).stream()
                        .filter(event -> event.path("message").asText().contains(DENIAL))
                        .filter(event -> isAbout(event.path("involvedObject"), tree, type))
                        .sorted(Comparator.comparing(
                                        (JsonNode event) -> time(event).orElse(Instant.EPOCH))
                                .reversed())
                        .toList();
        return new LiveWorkload(tree, namespace, pods, denials);
    }

    private static List<Pod> selected(JsonNode tree, WorkloadReader reader)
            throws UnreachableClusterException, MalformedPodException {
        List<Pod> pods = new ArrayList<>();
        for (JsonNode pod : reader.selectedPods(tree)) {
            Pod read = Pod.of(pod);
            if (owns(tree, read)) {
                pods.add(read);
            }
        }
        return pods;
    }

    /** A custom resource can have no selector, or one for something else. So the controllers of all Pods of its namespace are followed. */
    private static List<Pod> controlled(
            JsonNode tree, Namespace namespace, WorkloadReader reader, Controllers controllers)
            throws UnreachableClusterException, MalformedPodException {
        String uid = tree.path("metadata").path("uid").asText();
        List<Pod> pods = new ArrayList<>();
        for (JsonNode pod : reader.objects(ResourceType.POD, Optional.of(namespace.name()), "")) {
            if (controllers.leadTo(uid, pod)) {
                pods.add(Pod.of(pod));
            }
        }
        return pods;
    }

    /**
     * The object with the Pod or the Pod template: the workload itself, or its newest Pod if its template is not in it, for example because an
     * operator creates a StatefulSet for it.
     *
     * @throws UnusableInputException if it has neither
     */
    public JsonNode explained() throws UnusableInputException {
        if (hasTemplate()) {
            return tree;
        }
        return pods.stream()
                .map(Pod::tree)
                .max(Comparator.comparing(
                        pod -> pod.path("metadata").path("creationTimestamp").asText()))
                .orElseThrow(() -> new UnusableInputException(title() + " has no Pod template and no Pods"));
    }

    /** Whether the object is a Pod or has a Pod template. */
    public boolean hasTemplate() {
        return Workload.of(tree).isPresent();
    }

    /** The kind and the name. */
    public String title() {
        return tree.path("kind").asText() + "/"
                + tree.path("metadata").path("name").asText();
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

    private static boolean isAbout(JsonNode object, JsonNode workload, ApiResource type) {
        String kind = workload.path("kind").asText();
        String name = workload.path("metadata").path("name").asText();
        String objectKind = object.path("kind").asText();
        String objectName = object.path("name").asText();
        boolean isGenerated = Pattern.matches(Pattern.quote(name) + GENERATED, objectName);
        return objectKind.equals(kind) && objectName.equals(name)
                || isGenerated && objectKind.equals(generatedKind(type));
    }

    /** The kind of the objects that create the Pods of a workload; empty if it creates them itself. Custom resources create ReplicaSets, as Argo's Rollouts do. */
    private static String generatedKind(ApiResource type) {
        return switch (type) {
            case ResourceType.CRON_JOB -> "Job";
            case ResourceType.DEPLOYMENT -> "ReplicaSet";
            case ResourceType _ -> "";
            case ApiResource _ -> "ReplicaSet";
        };
    }
}
