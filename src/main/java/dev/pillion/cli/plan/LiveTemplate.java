package dev.pillion.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.ResourceType;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Pod;
import dev.pillion.pod.Workload;
import java.util.Optional;
import java.util.Set;

/**
 * The Pod template of a workload of a cluster.
 *
 * @param title kind and name, as kubectl writes them
 * @param pod for a Pod without a controller, the Pod itself, which may have been injected
 * @param pods how many Pods the workload has at the moment according to its own fields
 */
record LiveTemplate(String namespace, String title, Pod pod, boolean isPod, long pods) {

    /** Their ReplicaSets and Jobs have the same template. */
    private static final Set<String> TEMPLATE_OWNERS = Set.of("Deployment", "CronJob");

    /** The template of an object; empty if another object has the same template, or if there will be no new Pod of it. */
    static Optional<LiveTemplate> of(ResourceType type, JsonNode object) throws MalformedPodException {
        if (object.path("metadata").hasNonNull("deletionTimestamp") || !isEvaluated(type, object)) {
            return Optional.empty();
        }
        Optional<Workload> workload = Workload.of(object);
        if (workload.isEmpty()) {
            return Optional.empty();
        }
        Pod pod = workload.get().pod();
        return Optional.of(new LiveTemplate(
                workload.get().namespace(),
                type.kind() + "/" + workload.get().name(),
                type == ResourceType.POD ? pod.asSubmitted() : pod,
                type == ResourceType.POD,
                pods(type, object)));
    }

    private static boolean isEvaluated(ResourceType type, JsonNode object) {
        String controller = controller(object);
        return switch (type) {
            case DEPLOYMENT, STATEFUL_SET, DAEMON_SET, CRON_JOB -> true;
            // A controller of an unknown kind, such as an Argo Rollout, keeps its old ReplicaSets without Pods.
            case REPLICA_SET, REPLICATION_CONTROLLER ->
                controller.isEmpty() || (!TEMPLATE_OWNERS.contains(controller) && pods(type, object) > 0);
            case JOB -> !TEMPLATE_OWNERS.contains(controller) && !isFinished(object);
            case POD -> controller.isEmpty() && !hasEnded(object) && !isMirror(object);
        };
    }

    /** The kind of the controller; empty if there is none. */
    private static String controller(JsonNode object) {
        return object.path("metadata")
                .path("ownerReferences")
                .valueStream()
                .filter(owner -> owner.path("controller").asBoolean())
                .map(owner -> owner.path("kind").asText())
                .findFirst()
                .orElse("");
    }

    private static boolean isFinished(JsonNode job) {
        return job.path("status")
                .path("conditions")
                .valueStream()
                .anyMatch(condition -> condition.path("status").asText().equals("True")
                        && Set.of("Complete", "Failed")
                                .contains(condition.path("type").asText()));
    }

    private static boolean hasEnded(JsonNode pod) {
        return Set.of("Succeeded", "Failed")
                .contains(pod.path("status").path("phase").asText());
    }

    private static boolean isMirror(JsonNode pod) {
        return pod.path("metadata").path("annotations").has(Annotations.MIRROR);
    }

    /** A missing number of replicas is 1, as the API server sets it. */
    private static long pods(ResourceType type, JsonNode object) {
        JsonNode spec = object.path("spec");
        return switch (type) {
            case POD -> 1;
            case DEPLOYMENT, STATEFUL_SET, REPLICA_SET, REPLICATION_CONTROLLER ->
                spec.path("replicas").asLong(1);
            case DAEMON_SET ->
                object.path("status").path("desiredNumberScheduled").asLong();
            case JOB -> podsOfJob(spec, spec);
            case CRON_JOB -> podsOfJob(spec, spec.path("jobTemplate").path("spec"));
        };
    }

    /** @param suspending the spec that can suspend the Job or its schedule */
    private static long podsOfJob(JsonNode suspending, JsonNode job) {
        return suspending.path("suspend").asBoolean()
                ? 0
                : job.path("parallelism").asLong(1);
    }
}
