package dev.pillion.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadEventsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String OWNED = """
            {"metadata": {"generateName": "web-7d9-", "ownerReferences": [
              {"apiVersion": "v1", "kind": "Node", "name": "other", "uid": "0"},
              {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-7d9", "uid": "42", "controller": true}]}}
            """;

    private final AnsweringApiServer server = new AnsweringApiServer();
    private Instant now = Instant.parse("2026-03-01T10:00:00.5Z");
    private KubernetesClient client;
    private WorkloadEvents events;

    @BeforeEach
    void start() throws InvalidClusterException {
        server.on("/api/v1/namespaces/shop/events", 201, "{}");
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
        events = new WorkloadEvents(client, "pillion-0", clock);
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

    @Test
    void areAboutThePodItselfWhereItHasNoController() throws Exception {
        warn("{\"metadata\": {\"name\": \"bare\"}}", "no");

        awaitSent(1);
        assertThat(JSON.readTree(server.bodies().getFirst())
                        .path("involvedObject")
                        .path("name")
                        .asText())
                .isEqualTo("bare");
    }

    @Test
    void tellTheSameOnceInTenMinutes() throws Exception {
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
    void goOnAfterOneThatWasNotTaken() throws Exception {
        server.on("/api/v1/namespaces/shop/events", 403, "{}");
        warn(OWNED, "refused");
        awaitSent(1);

        server.on("/api/v1/namespaces/shop/events", 201, "{}");
        warn(OWNED, "taken");

        awaitSent(2);
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, StackOverflowError.class, InterruptedException.class})
    void goOnWhateverIsThrown(Class<? extends Throwable> failure) throws Exception {
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
        try (WorkloadEvents afterwards = new WorkloadEvents(failing, "pillion-0", Clock.systemUTC())) {
            afterwards.warn(JSON.readTree(OWNED), "shop", "PillionDenied", "lost");
            await().until(() -> calls.get() > 0);

            afterwards.warn(JSON.readTree(OWNED), "shop", "PillionDenied", "sent");

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> server.bodies().stream().anyMatch(it -> it.contains("\"sent\"")));
        }
    }

    @Test
    void showWhenTheyLastSucceeded() throws Exception {
        Instant start = events.lastSuccess();
        server.on("/api/v1/namespaces/shop/events", 403, "{}");
        now = now.plusSeconds(60);
        warn(OWNED, "refused");
        awaitSent(1);
        server.on("/api/v1/namespaces/shop/events", 201, "{}");
        assertThat(events.lastSuccess()).isEqualTo(start);

        warn(OWNED, "taken");

        await().until(() -> events.lastSuccess().equals(now));
    }

    @Test
    void areOfALengthThatTheApiServerTakes() throws Exception {
        warn(OWNED, "x".repeat(5_000));

        awaitSent(1);
        assertThat(JSON.readTree(server.bodies().getFirst()).path("message").asText())
                .hasSize(1_024);
    }

    private void warn(String pod, String message) throws Exception {
        events.warn(JSON.readTree(pod), "shop", "PillionDenied", message);
    }

    private void awaitSent(int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> server.bodies().size() == count);
    }
}
