package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * The workload of a Pod, as far as its fields show: its controller, or the Deployment of a ReplicaSet, or the CronJob of a Job. All Pods of a
 * workload have the same owner, also after a rollout.
 */
public record Owner(String kind, String name) {

    /** The name of a ReplicaSet is the Deployment's name and the value of this label (apps/v1, {@code pod-template-hash}). */
    private static final String TEMPLATE_HASH = "pod-template-hash";

    /** The name of a Job is the CronJob's name and the scheduled time, in minutes since 1970. */
    private static final Pattern SCHEDULED = Pattern.compile("(.+)-\\d{8,}");

    static Owner of(JsonNode metadata, String podName) {
        JsonNode references = metadata.path("ownerReferences");
        for (JsonNode reference : references) {
            if (reference.path("controller").asBoolean() || references.size() == 1) {
                String kind = reference.path("kind").asText();
                String name = reference.path("name").asText();
                String hash = metadata.path("labels").path(TEMPLATE_HASH).asText();
                return kind.equals("ReplicaSet") ? deployment(name, hash) : of(kind, name);
            }
        }
        return new Owner("Pod", podName);
    }

    /** The owner of the Pods of a workload. */
    static Owner of(String kind, String name) {
        return kind.equals("Job") ? job(name) : new Owner(kind, name);
    }

    private static Owner deployment(String replicaSet, String hash) {
        return !hash.isEmpty() && replicaSet.endsWith("-" + hash)
                ? new Owner("Deployment", replicaSet.substring(0, replicaSet.length() - hash.length() - 1))
                : new Owner("ReplicaSet", replicaSet);
    }

    private static Owner job(String job) {
        var scheduled = SCHEDULED.matcher(job);
        return scheduled.matches() ? new Owner("CronJob", scheduled.group(1)) : new Owner("Job", job);
    }
}
