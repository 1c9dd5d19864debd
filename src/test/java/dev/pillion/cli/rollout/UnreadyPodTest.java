package dev.pillion.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.pod.Pod;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnreadyPodTest {

    private static Pod pod(String name, String created, String status) {
        try {
            return Pod.of(SimulatedCluster.parse("""
                    {"metadata": {"name": "%s", "creationTimestamp": "%s"}, "spec": {"containers": []}, "status": {%s}}
                    """.formatted(name, created, status)));
        } catch (Exception e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Optional<String> of(String... statuses) {
        return UnreadyPod.in(Arrays.stream(statuses)
                .map(status -> pod("web", "2026-01-01T00:00:00Z", status))
                .toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "initContainerStatuses": [{"name": "a", "state": {"waiting": {"reason": "ErrImagePull"}}}], "containerStatuses": [{"name": "b", "state": {"waiting": {"reason": "PodInitializing"}}}] | container a is waiting: ErrImagePull
            "containerStatuses": [{"name": "a", "ready": true, "state": {"running": {}}}, {"name": "b", "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s"}}}]        | container b is waiting: CrashLoopBackOff: back-off 10s
            "initContainerStatuses": [{"name": "a", "state": {"terminated": {"exitCode": 2, "reason": "Error"}}}]                                                                             | container a ended with exit code 2: Error
            "conditions": [{"type": "PodScheduled", "status": "False", "message": "0/3 nodes are available"}]                                                                                 | is not scheduled: 0/3 nodes are available
            "initContainerStatuses": [{"name": "a", "ready": true, "state": {"terminated": {"exitCode": 0}}}], "containerStatuses": [{"name": "b", "ready": false, "state": {"running": {}}}]    | container b is running, but not ready
            "containerStatuses": [{"name": "b", "ready": false, "state": {"waiting": {"reason": "ContainerCreating"}}}]                                                                        | container b is waiting: ContainerCreating
            "phase": "Pending"                                                                                                                                                               | is not ready
            """)
    void hasTheStateOfTheContainerThatIsTheCause(String status, String problem) {
        assertThat(of(status)).contains("Pod web: " + problem);
    }

    @Test
    void isEmptyIfAllPodsAreReady() {
        assertThat(of("\"conditions\": [{\"type\": \"Ready\", \"status\": \"True\"}]"))
                .isEmpty();
    }

    @Test
    void isTheNewestPod() {
        Pod old = pod("old", "2026-01-01T00:00:00Z", "");
        Pod recent = pod("recent", "2026-01-02T00:00:00Z", "");

        assertThat(UnreadyPod.in(List.of(old, recent, old))).contains("Pod recent: is not ready");
    }
}
