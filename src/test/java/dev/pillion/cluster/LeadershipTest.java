package dev.pillion.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class LeadershipTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String LEASE = "coordination.k8s.io/v1/namespaces/pillion/leases/pillion";

    private final FakeObjects server = new FakeObjects();
    private final List<Leadership> contenders = new ArrayList<>();
    private KubernetesClient client;

    @BeforeEach
    void start() throws Exception {
        client = server.client();
    }

    @AfterEach
    void stop() {
        contenders.forEach(Leadership::close);
        client.close();
        server.close();
    }

    @Test
    void isHeldByOneReplicaAndPassesToAnotherWhenThatOneCloses() {
        Leadership first = contender("first");
        await().atMost(SOON).until(first::held);
        Leadership second = contender("second");
        await().atMost(SOON).until(() -> server.writes().size() > 3);
        assertThat(second.held()).isFalse();
        assertThat(holder()).isEqualTo("first");

        first.close();

        assertThat(first.held()).isFalse();
        // The first replica released the lease, so the second one need not wait 15 s until it expires.
        await().atMost(Duration.ofSeconds(10)).until(second::held);
        assertThat(holder()).isEqualTo("second");
    }

    @Test
    void startsWhenTheApiServerAllowsIt() {
        server.refuse("POST");
        Leadership only = contender("only");
        await().atMost(SOON).until(() -> server.writes().size() > 1);
        assertThat(only.held()).isFalse();

        server.allow();

        await().atMost(SOON).until(only::held);
    }

    @Test
    void endsWhileTheApiServerIsUnavailableAndStartsAgainAfterwards() {
        Leadership only = contender("only");
        await().atMost(SOON).until(only::held);

        server.stop();
        await().atMost(SOON).until(() -> !only.held());
        server.start();

        await().atMost(SOON).until(only::held);
    }

    /** {@code kubectl create}, a backup tool or a user can write such a lease. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"spec\": {}}",
                "{\"spec\": {\"holderIdentity\": \"gone\"}}",
                "{\"spec\": {\"holderIdentity\": \"gone\", \"leaseDurationSeconds\": 15, \"leaseTransitions\": 1}}"
            })
    void startsIfTheLeaseLacksFields(String lease) throws Exception {
        server.put(LEASE, lease.replaceFirst("\\{", """
                {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                 "metadata": {"name": "pillion", "namespace": "pillion"}""" + (lease.length() > 2 ? "," : "")));

        Leadership only = contender("only");

        await().atMost(SOON).until(only::held);
        assertThat(holder()).isEqualTo("only");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5})
    void startsAgainAfterAnElectorEndsWithAnError(int call) {
        AtomicInteger calls = new AtomicInteger();
        Lock failing = new LeaseLock("pillion", "pillion", "only") {
            @Override
            public String identity() {
                if (calls.incrementAndGet() == call) {
                    throw new StackOverflowError("on purpose");
                }
                return super.identity();
            }
        };

        Leadership only = Leadership.contend(client, "pillion", "pillion", failing, Duration.ofSeconds(3));
        contenders.add(only);

        await().atMost(SOON).until(() -> calls.get() > call && only.held());
    }

    @Test
    void hasTheTimeOfTheLastResponseOfTheApiServer() {
        Leadership only = contender("only");
        await().atMost(SOON).until(only::held);
        server.stop();
        await().atMost(SOON).until(() -> !only.held());
        Instant stopped = Instant.now();
        assertThat(only.lastAnswer()).isBefore(stopped);

        server.start();

        await().atMost(SOON).until(() -> only.lastAnswer().isAfter(stopped));
    }

    private String holder() {
        return server.find(LEASE).orElseThrow().at("/spec/holderIdentity").asText();
    }

    private Leadership contender(String identity) {
        Leadership contender = Leadership.contend(client, "pillion", "pillion", identity);
        contenders.add(contender);
        return contender;
    }
}
