package dev.pillion.cluster.watch;

import static dev.pillion.cluster.watch.Waiting.waitUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cluster.FakeApiServer;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.pod.Namespace;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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
    void findsTheLabelsAndAnnotationsOfEachNamespace() throws Exception {
        server.put("shop", Map.of(INJECT, "logging"));

        WatchedNamespaces namespaces = syncedNamespaces();

        assertThat(namespaces.find("shop"))
                .contains(new Namespace(
                        "shop",
                        Map.of("kubernetes.io/metadata.name", "shop", "team", "shop-team"),
                        Map.of(INJECT, "logging")));
        assertThat(namespaces.size()).isEqualTo(1);
        waitUntil(() -> namespaces.problem().isEmpty());
    }

    @Test
    void doesNotFindANamespaceThatDoesNotExist() throws Exception {
        assertThat(syncedNamespaces().find("shop")).isEmpty();
    }

    @Test
    void followsCreatedChangedAndDeletedNamespaces() throws Exception {
        server.put("shop", Map.of(INJECT, "logging"));
        server.put("bank", Map.of());
        WatchedNamespaces namespaces = syncedNamespaces();

        server.put("news", Map.of(INJECT, "env"));
        server.put("shop", Map.of(INJECT, "proxy"));
        server.delete("bank");

        waitUntil(() -> annotatedProfile(namespaces, "news").equals("env"));
        waitUntil(() -> annotatedProfile(namespaces, "shop").equals("proxy"));
        waitUntil(() -> namespaces.find("bank").isEmpty());
    }

    @Test
    void keepsTheLastStateWhileTheServerIsUnavailableAndThenCatchesUp() throws Exception {
        server.put("shop", Map.of(INJECT, "logging"));
        WatchedNamespaces namespaces = syncedNamespaces();

        server.stop();
        waitUntil(() -> namespaces.problem().isPresent());

        assertThat(namespaces.problem()).hasValueSatisfying(cause -> assertThat(cause)
                .startsWith("the API server at " + server.url() + " cannot be reached: "));
        assertThat(namespaces.synced()).isTrue();
        assertThat(annotatedProfile(namespaces, "shop")).isEqualTo("logging");

        server.put("shop", Map.of(INJECT, "proxy"));
        server.start();

        waitUntil(() -> annotatedProfile(namespaces, "shop").equals("proxy"));
        waitUntil(() -> namespaces.problem().isEmpty());
    }

    @Test
    void lagsWhileTheServerIsUnavailable() throws Exception {
        WatchedNamespaces namespaces = syncedNamespaces();
        waitUntil(() -> namespaces.lag().isZero());

        long stopped = System.nanoTime();
        server.stop();
        waitUntil(() -> namespaces.lag().isPositive());
        Duration early = namespaces.lag();
        waitUntil(() -> namespaces.lag().compareTo(early) > 0);
        assertThat(namespaces.lag()).isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - stopped));

        server.start();
        waitUntil(() -> namespaces.lag().isZero());
    }

    @Test
    void listsAgainIfTheServerCannotResumeTheWatch() throws Exception {
        server.put("shop", Map.of(INJECT, "logging"));
        server.put("bank", Map.of());
        WatchedNamespaces namespaces = syncedNamespaces();

        server.stop();
        server.put("shop", Map.of(INJECT, "proxy"));
        server.delete("bank");
        server.forgetHistory();
        server.start();

        waitUntil(() -> annotatedProfile(namespaces, "shop").equals("proxy"));
        waitUntil(() -> namespaces.find("bank").isEmpty());
        waitUntil(() -> namespaces.problem().isEmpty());
    }

    @Test
    void retriesAndReportsTheReasonUntilItMayList() throws Exception {
        server.put("shop", Map.of(INJECT, "logging"));
        server.refuse(403, "namespaces is forbidden: User \"pillion\" cannot list");

        WatchedNamespaces namespaces = start();

        waitUntil(() -> requestsOf("resourceVersion=0") > 3);
        assertThat(namespaces.synced()).isFalse();
        assertThat(namespaces.problem())
                .contains("the API server at " + server.url()
                        + " answered 403: namespaces is forbidden: User \"pillion\" cannot list; "
                        + "Pillion's ServiceAccount or user needs list and watch on namespaces");

        server.allow();

        waitUntil(namespaces::synced);
        assertThat(annotatedProfile(namespaces, "shop")).isEqualTo("logging");
        waitUntil(() -> namespaces.problem().isEmpty());
    }

    @Test
    void retriesUntilTheServerStarts() throws Exception {
        server.stop();

        WatchedNamespaces namespaces = start();

        waitUntil(() ->
                namespaces.problem().filter(cause -> cause.contains("refused")).isPresent());
        assertThat(namespaces.synced()).isFalse();

        server.start();

        waitUntil(namespaces::synced);
    }

    @Test
    void reportsWhyTheWatchCannotBeOpenedAgain() throws Exception {
        WatchedNamespaces namespaces = syncedNamespaces();

        server.refuse(401, "Unauthorized");
        server.stop();
        server.start();

        waitUntil(() -> namespaces
                .problem()
                .equals(Optional.of("the API server at " + server.url()
                        + " answered 401; it does not know Pillion's token or certificate")));
        assertThat(namespaces.synced()).isTrue();
    }

    @Test
    void endsTheWatchWhenItIsClosed() throws Exception {
        WatchedNamespaces namespaces = syncedNamespaces();

        namespaces.close();
        server.put("shop", Map.of());

        waitUntil(() -> server.watches() == 0);
        assertThat(namespaces.find("shop")).isEmpty();
    }

    private WatchedNamespaces syncedNamespaces() throws InvalidClusterException {
        WatchedNamespaces namespaces = start();
        waitUntil(namespaces::synced);
        return namespaces;
    }

    private WatchedNamespaces start() throws InvalidClusterException {
        WatchedNamespaces namespaces = new WatchedNamespaces(server.cluster(), "pillion/test");
        started = Optional.of(namespaces);
        return namespaces;
    }

    private static String annotatedProfile(WatchedNamespaces namespaces, String name) {
        return namespaces
                .find(name)
                .map(found -> found.annotations().getOrDefault(INJECT, ""))
                .orElse("");
    }

    private long requestsOf(String part) {
        return server.requests().stream().filter(uri -> uri.contains(part)).count();
    }
}
