package dev.pillion.cluster.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.cluster.StubApiServer;
import dev.pillion.cluster.event.WorkloadEvents.Outcome;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadEventsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> NAMESPACES = Set.of("shop", "bank");
    private static final String OWNER = "/apis/apps/v1/namespaces/shop/replicasets/web-7d9";
    private static final String OWNED = """
            {"metadata": {"generateName": "web-7d9-", "ownerReferences": [
              {"apiVersion": "v1", "kind": "Node", "name": "other", "uid": "0"},
              {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-7d9", "uid": "42", "controller": true}]}}
            """;

    private final StubApiServer server = new StubApiServer();
    private Instant now = Instant.parse("2026-03-01T10:00:00.5Z");
    private KubernetesClient client;
    private WorkloadEvents events;

    @BeforeEach
    void start() throws InvalidClusterException {
        server.on("/api/v1/namespaces/shop/events", 201, "{}");
        server.on(OWNER, "{\"metadata\": {\"uid\": \"42\"}}");
        client = server.cluster().client("test");
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        events = new WorkloadEvents(client, "pillion-0", NAMESPACES::contains, clock);
    }

    @AfterEach
    void stop() {
        events.close();
        client.close();
        server.close();
    }

    @Test
    void areAboutTheControllerOfThePod() throws Exception {
        warn(OWNED, "no");

        awaitSent(1);
        JsonNode event = JSON.readTree(server.bodies().getFirst());
        assertThat(event.path("type").asText()).isEqualTo("Warning");
        assertThat(event.path("reason").asText()).isEqualTo("PillionDenied");
        assertThat(event.path("message").asText()).isEqualTo("no");
        assertThat(event.path("firstTimestamp").asText()).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(event.path("involvedObject")).isEqualTo(JSON.readTree("""
                        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-7d9", "namespace": "shop", "uid": "42"}
                        """));
    }

    /** The user who creates such a Pod sees the response. */
    @Test
    void areNotSentForAPodWithoutAController() throws Exception {
        warn("{\"metadata\": {\"name\": \"bare\"}}", "no");
        warn(OWNED, "yes");

        awaitSent(1);
        assertThat(server.bodies().getFirst()).contains("web-7d9");
    }

    static List<String> forged() {
        return List.of(
                OWNED.replace("\"42\"", "\"43\""),
                OWNED.replace("\"42\"", "\"\""),
                OWNED.replace("web-7d9\", \"uid", "another\", \"uid"),
                OWNED.replace("\"web-7d9\"", "\"../../../../../api/v1/namespaces/shop/secrets/key\""),
                OWNED.replace("\"web-7d9\"", "\"web-7d9?watch=true\""),
                OWNED.replace("ReplicaSet", "Secret"),
                OWNED.replace("apps/v1", "apps/v1/../v1"));
    }

    @ParameterizedTest
    @MethodSource("forged")
    void areNotSentForAnOwnerThatDoesNotExistWithThatUid(String pod) throws Exception {
        warn(pod, "forged");
        warn(OWNED, "true");

        awaitSent(1);
        assertThat(server.bodies().getFirst()).contains("\"true\"");
        assertThat(server.requests()).noneMatch(request -> request.contains("secrets"));
    }

    @Test
    void areNotSentToANamespaceThatDoesNotExist() throws Exception {
        for (int number = 0; number < 100; number++) {
            events.warn(JSON.readTree(OWNED), "shop-" + number, "PillionDenied", "no");
        }

        assertThat(events.total(Outcome.UNKNOWN_NAMESPACE)).isEqualTo(100);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void areLimitedSeparatelyForEachNamespace() throws Exception {
        server.on("/apis/apps/v1/namespaces/bank/replicasets/web-7d9", "{\"metadata\": {\"uid\": \"42\"}}");
        server.on("/api/v1/namespaces/bank/events", 201, "{}");
        for (int number = 0; number < 1_000; number++) {
            warn(OWNED, "no " + number);
        }
        events.warn(JSON.readTree(OWNED), "bank", "PillionDenied", "no");

        awaitSent(EventLimits.BURST + 1);
        assertThat(events.total(Outcome.SENT)).isEqualTo(EventLimits.BURST + 1);
        assertThat(events.total(Outcome.NAMESPACE_LIMIT)).isEqualTo(1_000 - EventLimits.BURST);
        now = now.plusSeconds(6);
        warn(OWNED, "no, again");
        warn(OWNED, "no, and again");
        awaitSent(EventLimits.BURST + 2);
        assertThat(server.bodies().getLast()).contains("no, again");
    }

    @Test
    void areDroppedAndCountedWhenTheQueueIsFull() throws Exception {
        Set<String> all =
                IntStream.range(0, 600).mapToObj(number -> "team-" + number).collect(Collectors.toSet());
        try (WorkloadEvents many = new WorkloadEvents(client, "pillion-0", all::contains, Clock.systemUTC())) {
            for (String each : all) {
                many.warn(JSON.readTree(OWNED), each, "PillionDenied", "no");
            }

            assertThat(many.total(Outcome.QUEUE_FULL)).isBetween(600 - 256L - 20, 600 - 256L);
        }
    }

    @Test
    void areSentAfterOneRequestForTheOwner() throws Exception {
        warn(OWNED, "no");

        awaitSent(1);
        assertThat(server.requests()).containsExactly("GET " + OWNER, "POST /api/v1/namespaces/shop/events");
    }

    /** Denials repeat values of a Pod. 433 denials of 545 KB each once ended the process. */
    @Test
    void needLittleMemoryForLongMessages() throws Exception {
        String text = "x".repeat(545_000);
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        long before = runtime.totalMemory() - runtime.freeMemory();

        for (int number = 0; number < 4_000; number++) {
            now = now.plusSeconds(6);
            warn(OWNED, number + text);
        }

        System.gc();
        assertThat(runtime.totalMemory() - runtime.freeMemory() - before).isLessThan(20_000_000);
        await().until(() -> events.total(Outcome.SENT) > 0);
    }

    @Test
    void areSentOnceInTenMinutesForTheSameMessage() throws Exception {
        warn(OWNED, "no");
        warn(OWNED, "no");
        warn(OWNED, "no, for another reason");
        awaitSent(2);

        now = now.plus(Duration.ofMinutes(11));
        warn(OWNED, "no");

        awaitSent(3);
        assertThat(server.bodies().get(2)).contains("10:11:00Z");
    }

    @Test
    void continueAfterARefusedOne() throws Exception {
        server.on("/api/v1/namespaces/shop/events", 403, "{}");
        warn(OWNED, "refused");
        awaitSent(1);

        server.on("/api/v1/namespaces/shop/events", 201, "{}");
        warn(OWNED, "accepted");

        awaitSent(2);
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, StackOverflowError.class, InterruptedException.class})
    void continueAfterAnyFailure(Class<? extends Throwable> failure) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        KubernetesClient failing = (KubernetesClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {KubernetesClient.class}, (proxy, method, arguments) -> {
                    if (calls.incrementAndGet() == 1) {
                        if (failure == InterruptedException.class) {
                            Thread.currentThread().interrupt();
                        } else {
                            throw failure.getConstructor(String.class).newInstance("on purpose");
                        }
                    }
                    return method.invoke(client, arguments);
                });
        try (WorkloadEvents afterwards =
                new WorkloadEvents(failing, "pillion-0", NAMESPACES::contains, Clock.systemUTC())) {
            afterwards.warn(JSON.readTree(OWNED), "shop", "PillionDenied", "lost");
            await().until(() -> calls.get() > 0);

            afterwards.warn(JSON.readTree(OWNED), "shop", "PillionDenied", "sent");

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> server.bodies().stream().anyMatch(it -> it.contains("\"sent\"")));
        }
    }

    @Test
    void haveTheTimeOfTheLastSuccess() throws Exception {
        Instant start = events.lastSuccess();
        server.on("/api/v1/namespaces/shop/events", 403, "{}");
        now = now.plusSeconds(60);
        warn(OWNED, "refused");
        awaitSent(1);
        server.on("/api/v1/namespaces/shop/events", 201, "{}");
        assertThat(events.lastSuccess()).isEqualTo(start);

        warn(OWNED, "accepted");

        await().until(() -> events.lastSuccess().equals(now));
    }

    @Test
    void areShortenedToTheLengthThatTheApiServerAccepts() throws Exception {
        warn(OWNED, "x".repeat(5_000));

        awaitSent(1);
        assertThat(JSON.readTree(server.bodies().getFirst()).path("message").asText())
                .hasSize(1_024)
                .endsWith("x…");
    }

    private void warn(String pod, String message) throws Exception {
        events.warn(JSON.readTree(pod), "shop", "PillionDenied", message);
    }

    private void awaitSent(int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> server.bodies().size() == count);
    }
}
