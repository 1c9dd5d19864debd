package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** A burst of Pods for one replica. Runs alone, so that other tests do not influence the figures. */
@Isolated
@ExtendWith(Stage.class)
class BurstTest {

    private static final int PODS = 500;
    private static final int CREATORS = 16;

    @Test
    void injectsFiveHundredPodsWithoutAFailure(Sandbox sandbox) throws Exception {
        WebhookLatency before = WebhookLatency.of(sandbox, "pillion-e2e.pillion.dev");

        Burst burst = Burst.of(PODS, CREATORS, sandbox);

        WebhookLatency latency =
                WebhookLatency.of(sandbox, "pillion-e2e.pillion.dev").since(before);
        System.out.printf("         %d Pods in %.1f s; the API server measured %s%n", PODS, burst.seconds(), latency);
        assertThat(burst.pods()).allSatisfy(pod -> assertThat(Manifests.names(pod))
                .containsExactlyInAnyOrderElementsOf(Burst.CONTAINERS));
        assertThat(latency.calls()).isGreaterThanOrEqualTo(PODS);
        assertThat(latency.failures()).isZero();
    }
}
