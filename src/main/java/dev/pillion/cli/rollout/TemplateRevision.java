package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadReader;
import dev.pillion.pod.Pod;
import java.util.Optional;

/**
 * The label that the Pods of a workload's current template have. Each controller labels its Pods with the revision of their template.
 *
 * @param value empty if the controller has not seen the template yet, so that there are no such Pods
 */
record TemplateRevision(String label, Optional<String> value) {

    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String DAEMON_SET_GENERATION = "deprecated.daemonset.template.generation";

    static TemplateRevision of(WorkloadState workload, WorkloadReader reader) throws UnreachableClusterException {
        JsonNode tree = workload.tree();
        if (!RolloutStatus.isObserved(tree)) {
            return new TemplateRevision("", Optional.empty());
        }
        return switch (workload.type()) {
            case STATEFUL_SET ->
                new TemplateRevision(
                        "controller-revision-hash", text(tree.path("status").path("updateRevision")));
            // The API server increases this number with each change of the template.
            case DAEMON_SET -> new TemplateRevision("pod-template-generation", annotation(tree, DAEMON_SET_GENERATION));
            default -> ofDeployment(tree, reader);
        };
    }

    private static TemplateRevision ofDeployment(JsonNode deployment, WorkloadReader reader)
            throws UnreachableClusterException {
        Optional<String> revision = annotation(deployment, REVISION);
        String label = "pod-template-hash";
        return new TemplateRevision(
                label,
                reader.replicaSets(deployment).stream()
                        .filter(each -> revision.isPresent()
                                && annotation(each, REVISION).equals(revision))
                        .flatMap(each ->
                                text(each.path("metadata").path("labels").path(label)).stream())
                        .findFirst());
    }

    private static Optional<String> annotation(JsonNode object, String name) {
        return text(object.path("metadata").path("annotations").path(name));
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.of(node.asText()).filter(text -> !text.isEmpty());
    }

    boolean isOf(Pod pod) {
        return value.isPresent()
                && value.equals(Optional.ofNullable(pod.labels().get(label)));
    }
}
