package dev.pillion.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cluster.ResourceType;
import dev.pillion.pod.Namespace;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnavailablePodsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            DEPLOYMENT   | "replicas": 10                                                                           | 2
            DEPLOYMENT   | "replicas": 3                                                                            | 0
            DEPLOYMENT   | "replicas": 3, "strategy": {"type": "Recreate"}                                          | 3
            DEPLOYMENT   | "replicas": 3, "strategy": {"rollingUpdate": {"maxUnavailable": 2, "maxSurge": 0}}       | 2
            DEPLOYMENT   | "replicas": 3, "strategy": {"rollingUpdate": {"maxUnavailable": "25%", "maxSurge": 0}}   | 1
            STATEFUL_SET | "replicas": 10                                                                           | 1
            STATEFUL_SET | "replicas": 10, "updateStrategy": {"rollingUpdate": {"maxUnavailable": "25%"}}           | 2
            STATEFUL_SET | "replicas": 3, "updateStrategy": {"rollingUpdate": {"maxUnavailable": "25%"}}            | 1
            DAEMON_SET   | "updateStrategy": {"type": "RollingUpdate"}                                              | 1
            DAEMON_SET   | "updateStrategy": {"rollingUpdate": {"maxUnavailable": "25%"}}                           | 2
            """)
    void areThoseThatTheUpdateStrategyAllows(ResourceType type, String spec, long unavailable) {
        WorkloadState workload = new WorkloadState(
                new Target("shop", type.kind(), "web"),
                type,
                Namespace.named("shop"),
                SimulatedCluster.parse("{\"spec\": {" + spec + "}, \"status\": {\"desiredNumberScheduled\": 5}}"),
                List.of());

        assertThat(UnavailablePods.during(workload)).isEqualTo(unavailable);
    }
}
