package dev.pillion.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.FakeApiServer;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.pod.Namespace;
import dev.pillion.server.configuration.PillionConfig;
import dev.pillion.server.configuration.TestConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration of the watch on namespaces, and its health checks and metrics. */
class NamespacesTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final FakeApiServer server = new FakeApiServer();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ClusterBeans beans = new ClusterBeans();
    private Optional<ClusterConnection> connection = Optional.empty();
    private Optional<Namespaces> created = Optional.empty();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        created.ifPresent(beans::close);
        connection.ifPresent(beans::close);
        server.close();
    }

    @Test
    void areNotWatchedIfTheWatchIsTurnedOff() throws Exception {
        Namespaces namespaces =
                namespaces(Map.of("pillion.cluster.watch", "never", "pillion.cluster.kubeconfig", kubeconfig()));

        assertThat(namespaces).isEqualTo(new Namespaces.Unwatched("pillion.cluster.watch is never"));
        assertThat(namespaces.apply("shop")).isEqualTo(Namespace.named("shop"));
        assertThat(health(namespaces).getStatus()).isEqualTo(Status.UP);
        assertThat(server.requests()).isEmpty();
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void areNotWatchedOutsideOfAClusterWithoutAKubeconfig() throws Exception {
        Assumptions.assumeTrue(Cluster.around().isEmpty());

        assertThat(namespaces(Map.of()))
                .isEqualTo(new Namespaces.Unwatched(
                        "Pillion does not run in a Pod with a ServiceAccount, and no kubeconfig is set"));
    }

    @Test
    void failTheStartIfTheyMustBeWatchedAndCannot() {
        Assumptions.assumeTrue(Cluster.around().isEmpty());

        assertThatThrownBy(() -> namespaces(Map.of("pillion.cluster.watch", "always")))
                .isInstanceOf(InvalidClusterException.class)
                .hasMessage("pillion.cluster.watch is always, but Pillion does not run in a Pod with a ServiceAccount; "
                        + "set pillion.cluster.kubeconfig or --kubeconfig");
    }

    @Test
    void keepTheServerFromBeingReadyUntilTheyAreKnown() throws Exception {
        server.put("shop", Map.of("pillion.dev/inject", "logging"));
        server.refuse(403, "namespaces is forbidden");

        Namespaces namespaces = namespaces(Map.of("pillion.cluster.kubeconfig", kubeconfig()));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(health(namespaces).getData().orElseThrow())
                        .containsEntry(
                                "problem",
                                "the API server at " + server.url() + " answered 403: namespaces is forbidden; "
                                        + "Pillion's ServiceAccount or user needs list and watch on namespaces"));
        assertThat(health(namespaces).getStatus()).isEqualTo(Status.DOWN);
        assertThat(gauge("pillion.namespaces.synced")).isZero();
        assertThat(namespaces.isExpected("shop"))
                .as("a review does not wait while the watch fails")
                .isFalse();
        assertThat(namespaces.apply("shop")).isEqualTo(Namespace.named("shop"));
        assertThat(unknownReviews()).as("only a review is counted").isZero();
        namespaces.countReview("shop");
        assertThat(unknownReviews()).isEqualTo(1);

        server.allow();

        await().atMost(SOON).until(() -> health(namespaces).getStatus() == Status.UP);
        await().atMost(SOON).until(() -> gauge("pillion.namespaces.synced") == 1);
        assertThat(gauge("pillion.namespaces")).isEqualTo(1);
        assertThat(namespaces.isExpected("shop")).isFalse();
        assertThat(namespaces.apply("shop").annotations()).containsEntry("pillion.dev/inject", "logging");
        namespaces.countReview("shop");
        assertThat(unknownReviews()).isEqualTo(1);
        assertThat(namespaces.isExpected("created-a-moment-ago")).isTrue();
    }

    @Test
    void keepTheServerReadyWhileTheApiServerIsUnavailable() throws Exception {
        Namespaces namespaces = namespaces(Map.of("pillion.cluster.kubeconfig", kubeconfig()));
        await().atMost(SOON).until(() -> health(namespaces).getStatus() == Status.UP);

        server.stop();

        await().atMost(SOON).until(() -> gauge("pillion.namespaces.synced") == 0);
        await().atMost(SOON).until(() -> gauge("pillion.informer.lag") > 0);
        assertThat(health(namespaces).getStatus()).isEqualTo(Status.UP);
        assertThat(health(namespaces).getData().orElseThrow()).containsKey("problem");
    }

    private Namespaces namespaces(Map<String, String> properties) throws InvalidClusterException {
        PillionConfig config = TestConfig.of(properties);
        connection = Optional.of(beans.connection(config, "test"));
        Namespaces namespaces = beans.namespaces(connection.get(), meters, "test");
        created = Optional.of(namespaces);
        return namespaces;
    }

    private String kubeconfig() throws Exception {
        return server.kubeconfig(directory).toString();
    }

    private double unknownReviews() {
        return meters.get("pillion.unknown.namespace.reviews").counter().count();
    }

    private double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    private static HealthCheckResponse health(Namespaces namespaces) {
        return new NamespacesHealth(namespaces).call();
    }
}
