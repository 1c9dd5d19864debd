package dev.pillion.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.FakeApiServer;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.pod.Namespace;
import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchedNamespacesTest {

    private static final String INJECT = "pillion.dev/inject";

    private final FakeApiServer server = new FakeApiServer();
    private Optional<WatchedNamespaces> started = Optional.empty();

    @AfterEach
    void stop() {
        started.ifPresent(WatchedNamespaces::close);
        server.close();
    }

    @Test
    void knowsTheLabelsAndAnnotationsOfEachNamespace() throws Exception {
        server.put("shop", Map.of(INJECT, "logging"));

        WatchedNamespaces namespaces = watched();

        assertThat(namespaces.find("shop"))
                .contains(new Namespace(
                        "shop",
                        Map.of("kubernetes.io/metadata.name", "shop", "team", "shop-team"),
                        Map.of(INJECT, "logging")));
        assertThat(namespaces.size()).isEqualTo(1);
        soon(() -> namespaces.problem().isEmpty());
    }

    @Test
    void knowsNothingOfANamespaceItHasNotHeardOf() throws Exception {
        assertThat(watched().find("shop")).isEmpty();
    }

    @Test
    void hearsOfANewNamespaceAChangedOneAndOneThatIsGone() throws Exception {
        server.put("shop", Map.of(INJECT, "logging"));
        server.put("bank", Map.of());
        WatchedNamespaces namespaces = watched();

        server.put("news", Map.of(INJECT, "env"));
        server.put("shop", Map.of(INJECT, "proxy"));
        server.delete("bank");

        soon(() -> defaultOf(namespaces, "news").equals("env"));
        soon(() -> defaultOf(namespaces, "shop").equals("proxy"));
        soon(() -> namespaces.find("bank").isEmpty());
    }

    @Test
    void servesTheLastGoodStateWhileTheServerIsAwayAndThenWhatHappenedMeanwhile() throws Exception {
        server.put("shop", Map.of(INJECT, "logging"));
        WatchedNamespaces namespaces = watched();

        server.stop();
        soon(() -> namespaces.problem().isPresent());

        assertThat(namespaces.problem()).hasValueSatisfying(cause -> assertThat(cause)
                .startsWith("the API server at " + server.url() + " cannot be reached: "));
        assertThat(namespaces.synced()).isTrue();
        assertThat(defaultOf(namespaces, "shop")).isEqualTo("logging");

        server.put("shop", Map.of(INJECT, "proxy"));
        server.start();

        soon(() -> defaultOf(namespaces, "shop").equals("proxy"));
        soon(() -> namespaces.problem().isEmpty());
    }

    @Test
    void lagsFromWhenTheServerGoesUntilItIsBack() throws Exception {
        WatchedNamespaces namespaces = watched();
        soon(() -> namespaces.lag().isZero());

        long stopped = System.nanoTime();
        server.stop();
        soon(() -> namespaces.lag().isPositive());
        Duration early = namespaces.lag();
        soon(() -> namespaces.lag().compareTo(early) > 0);
        assertThat(namespaces.lag()).isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - stopped));

        server.start();
        soon(() -> namespaces.lag().isZero());
    }

    @Test
    void listsAnewWhenTheServerHasForgottenWhatHappenedMeanwhile() throws Exception {
        server.put("shop", Map.of(INJECT, "logging"));
        server.put("bank", Map.of());
        WatchedNamespaces namespaces = watched();

        server.stop();
        server.put("shop", Map.of(INJECT, "proxy"));
        server.delete("bank");
        server.forgetHistory();
        server.start();

        soon(() -> defaultOf(namespaces, "shop").equals("proxy"));
        soon(() -> namespaces.find("bank").isEmpty());
        soon(() -> namespaces.problem().isEmpty());
    }

    @Test
    void triesOnUntilItMayListAndSaysWhyNot() throws Exception {
        server.put("shop", Map.of(INJECT, "logging"));
        server.refuse(403, "namespaces is forbidden: User \"pillion\" cannot list");

        WatchedNamespaces namespaces = start();

        soon(() -> requestsOf("resourceVersion=0") > 3);
        assertThat(namespaces.synced()).isFalse();
        assertThat(namespaces.problem())
                .contains("the API server at " + server.url()
                        + " answered 403: namespaces is forbidden: User \"pillion\" cannot list; "
                        + "Pillion's ServiceAccount or user needs list and watch on namespaces");

        server.allow();

        soon(namespaces::synced);
        assertThat(defaultOf(namespaces, "shop")).isEqualTo("logging");
        soon(() -> namespaces.problem().isEmpty());
    }

    @Test
    void triesOnUntilTheServerIsThere() throws Exception {
        server.stop();

        WatchedNamespaces namespaces = start();

        soon(() ->
                namespaces.problem().filter(cause -> cause.contains("refused")).isPresent());
        assertThat(namespaces.synced()).isFalse();

        server.start();

        soon(namespaces::synced);
    }

    @Test
    void saysWhyTheWatchIsNotRenewed() throws Exception {
        WatchedNamespaces namespaces = watched();

        server.refuse(401, "Unauthorized");
        server.stop();
        server.start();

        soon(() -> namespaces
                .problem()
                .equals(Optional.of("the API server at " + server.url()
                        + " answered 401; it does not know Pillion's token or certificate")));
        assertThat(namespaces.synced()).isTrue();
    }

    @Test
    void asksNothingMoreWhenItIsClosed() throws Exception {
        WatchedNamespaces namespaces = watched();

        namespaces.close();
        server.put("shop", Map.of());

        soon(() -> server.watches() == 0);
        assertThat(namespaces.find("shop")).isEmpty();
    }

    private WatchedNamespaces watched() throws InvalidClusterException {
        WatchedNamespaces namespaces = start();
        soon(namespaces::synced);
        return namespaces;
    }

    private WatchedNamespaces start() throws InvalidClusterException {
        Config config = Config.empty();
        config.setMasterUrl(server.url());
        config.setWatchReconnectInterval(10);
        WatchedNamespaces namespaces = new WatchedNamespaces(new Cluster(config), "pillion/test");
        started = Optional.of(namespaces);
        return namespaces;
    }

    private static String defaultOf(WatchedNamespaces namespaces, String name) {
        return namespaces
                .find(name)
                .map(found -> found.annotations().getOrDefault(INJECT, ""))
                .orElse("");
    }

    private long requestsOf(String part) {
        return server.requests().stream().filter(uri -> uri.contains(part)).count();
    }

    private static void soon(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }
}
