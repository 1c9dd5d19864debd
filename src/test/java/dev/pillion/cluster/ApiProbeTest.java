package dev.pillion.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiProbeTest {

    private final StubApiServer server = new StubApiServer();
    private ApiProbe api;

    @BeforeEach
    void connect() throws InvalidClusterException {
        api = new ApiProbe(server.cluster(), "test");
    }

    @AfterEach
    void stop() {
        api.close();
        server.close();
    }

    @Test
    void returnsTheBodyAndTheTimeOfTheApiServer() throws UnreachableClusterException {
        server.on("/version", "{\"gitVersion\": \"v1.36.0\"}");

        ApiResponse response = api.get("/version");

        assertThat(response.isSuccessful()).isTrue();
        assertThat(response.body().path("gitVersion").asText()).isEqualTo("v1.36.0");
        assertThat(Duration.between(response.date().orElseThrow(), Instant.now())
                        .abs())
                .isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void returnsARefusal() throws UnreachableClusterException {
        server.on("/api/v1/nodes", 403, "{\"message\": \"nodes is forbidden\"}");

        ApiResponse response = api.get("/api/v1/nodes");

        assertThat(response.isForbidden()).isTrue();
        assertThat(response.isSuccessful()).isFalse();
        assertThat(response.message()).isEqualTo("nodes is forbidden");
        assertThat(api.get("/api/v1/pods").isNotFound()).isTrue();
    }

    @Test
    void aBodyThatIsNotJsonIsMissing() throws UnreachableClusterException {
        server.on("/version", "<html>");

        assertThat(api.get("/version").body().isMissingNode()).isTrue();
    }

    @Test
    void sendsAnObject() throws UnreachableClusterException {
        server.onPost("/api/v1/pods", body -> new StubApiServer.Response(201, body));

        ApiResponse response =
                api.post("/api/v1/pods", JsonNodeFactory.instance.objectNode().put("kind", "Pod"));

        assertThat(response.code()).isEqualTo(201);
        assertThat(response.body().path("kind").asText()).isEqualTo("Pod");
        assertThat(server.requests()).containsExactly("POST /api/v1/pods");
    }

    @Test
    void describesAResponseThatIsNoAnswer() throws UnreachableClusterException {
        server.on("/version", 401, "{}").on("/api/v1/pods?limit=500", 504, "{\"message\": \"timeout\"}");
        String address = "the API server at " + server.url();

        assertThat(api.failure("/version", api.get("/version")))
                .hasMessage(address + " does not know these credentials (401)");
        assertThat(api.failure("/api/v1/pods?limit=500", api.get("/api/v1/pods?limit=500")))
                .hasMessage(address + " answered 504 to a request of /api/v1/pods: timeout");
    }

    @Test
    void anApiServerThatDoesNotAnswerIsUnreachable() {
        server.close();

        assertThatThrownBy(() -> api.get("/version"))
                .isInstanceOf(UnreachableClusterException.class)
                .hasMessageStartingWith("the API server at " + server.url() + " cannot be reached: ");
    }

    @Test
    void aPodThatCannotBeReachedByPortForwardingIsUnreachable() {
        assertThatThrownBy(() -> api.certificates("pillion", "pillion-a", 8443))
                .isInstanceOf(UnreachableClusterException.class)
                .hasMessageStartingWith(
                        "port 8443 of Pod pillion/pillion-a cannot be reached by the API server's port forwarding: ");
    }
}
