package dev.pillion.admission.cache;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.admission.cache.VolatileField.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * The texts by which controllers distinguish the Pods of one workload, as one Pod has them. Each is empty if the Pod has none.
 *
 * @param jobName the name of the Job that created the Pod
 * @param jobUid the uid of that Job
 * @param jobIndex the index of the Pod in an indexed Job
 * @param podName the name of the Pod without its {@code generateName}
 */
record WorkloadTexts(String jobName, String jobUid, String jobIndex, String podName) {

    private static final String JOB_INDEX = "batch.kubernetes.io/job-completion-index";

    static WorkloadTexts of(JsonNode metadata) {
        JsonNode owner = metadata.path("ownerReferences").path(0);
        boolean ofJob = owner.path("kind").asText().equals("Job");
        String prefix = metadata.path("generateName").asText();
        String name = metadata.path("name").asText();
        return new WorkloadTexts(
                ofJob ? owner.path("name").asText() : "",
                ofJob ? owner.path("uid").asText() : "",
                ofJob ? metadata.path("annotations").path(JOB_INDEX).asText() : "",
                name.startsWith(prefix) ? name.substring(prefix.length()) : "");
    }

    /**
     * The parts of a name that a controller composes, as {@code JOB-INDEX-SUFFIX}, {@code JOB}, or {@code data-POD}.
     *
     * @param from the index of the name in the review
     */
    List<VolatileField> in(String name, int from) {
        List<VolatileField> parts = new ArrayList<>();
        int at = 0;
        if (!jobName.isEmpty() && name.startsWith(jobName)) {
            at = jobName.length();
            parts.add(new VolatileField(Kind.JOB_NAME, from, from + at));
            int next = at + 1 + jobIndex.length();
            if (!jobIndex.isEmpty()
                    && name.startsWith("-" + jobIndex, at)
                    && (name.length() == next || name.charAt(next) == '-')) {
                parts.add(new VolatileField(Kind.JOB_INDEX, from + at + 1, from + next));
                at = next;
            }
        }
        if (!podName.isEmpty() && name.endsWith(podName) && name.length() - podName.length() >= at) {
            parts.add(new VolatileField(Kind.POD_NAME, from + name.length() - podName.length(), from + name.length()));
        }
        return parts;
    }
}
