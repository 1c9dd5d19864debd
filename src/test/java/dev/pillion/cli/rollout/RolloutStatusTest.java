package dev.pillion.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.rollout.RolloutStatus.Complete;
import dev.pillion.cli.rollout.RolloutStatus.Progressing;
import dev.pillion.cluster.ResourceType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The conditions of {@code kubectl rollout status}. Each row has a status, and what is not complete. */
class RolloutStatusTest {

    private static RolloutStatus of(ResourceType type, String spec, String status) {
        return RolloutStatus.of(
                type,
                SimulatedCluster.parse(
                        "{\"metadata\": {\"generation\": 2}, \"spec\": {" + spec + "}, \"status\": {" + status + "}}"));
    }

    private static RolloutStatus expected(String detail) {
        return detail.isEmpty() ? new Complete() : new Progressing(detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "observedGeneration": 1, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2 | the controller has not seen the new template yet
            "observedGeneration": 2, "replicas": 2, "updatedReplicas": 1, "availableReplicas": 2 | 1 of 2 Pods are updated
            "observedGeneration": 2, "replicas": 3, "updatedReplicas": 2, "availableReplicas": 3 | 1 old Pod has not ended yet
            "observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 1 | 1 of 2 updated Pods are available
            "observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2 | ``
            """)
    void ofADeployment(String status, String detail) {
        assertThat(of(ResourceType.DEPLOYMENT, "\"replicas\": 2", status)).isEqualTo(expected(detail));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            0 | "observedGeneration": 2, "readyReplicas": 2, "updatedReplicas": 3, "updateRevision": "b", "currentRevision": "b" | 2 of 3 Pods are ready
            0 | "observedGeneration": 2, "readyReplicas": 3, "updatedReplicas": 1, "updateRevision": "b", "currentRevision": "a" | 1 of 3 Pods are updated
            0 | "observedGeneration": 2, "readyReplicas": 3, "updatedReplicas": 3, "updateRevision": "b", "currentRevision": "b" | ``
            2 | "observedGeneration": 2, "readyReplicas": 3, "updatedReplicas": 0, "updateRevision": "b", "currentRevision": "a" | 0 of 1 Pods are updated
            2 | "observedGeneration": 2, "readyReplicas": 3, "updatedReplicas": 1, "updateRevision": "b", "currentRevision": "a" | ``
            """)
    void ofAStatefulSetWithAPartition(int partition, String status, String detail) {
        String spec = "\"replicas\": 3, \"updateStrategy\": {\"rollingUpdate\": {\"partition\": " + partition + "}}";

        assertThat(of(ResourceType.STATEFUL_SET, spec, status)).isEqualTo(expected(detail));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "observedGeneration": 2, "desiredNumberScheduled": 2, "updatedNumberScheduled": 1, "numberAvailable": 2 | 1 of 2 Pods are updated
            "observedGeneration": 2, "desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 1 | 1 of 2 updated Pods are available
            "observedGeneration": 2, "desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 2 | ``
            """)
    void ofADaemonSet(String status, String detail) {
        assertThat(of(ResourceType.DAEMON_SET, "", status)).isEqualTo(expected(detail));
    }
}
