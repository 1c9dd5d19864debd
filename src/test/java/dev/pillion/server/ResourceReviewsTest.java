package dev.pillion.server;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /validate-resources}, a resource of Jakarta REST, has the same checks and limits as {@code /validate}, a route. */
@QuarkusTest
@QuarkusTestResource(ServerFiles.class)
@QuarkusTestResource(ServerCluster.class)
class ResourceReviewsTest {

    private static final int LARGEST = 7 * 1024 * 1024;

    private static final String ROUTE = "/validate";
    private static final String RESOURCE = "/validate-resources";

    @Inject
    HttpServer http;

    @ConfigProperty(name = "quarkus.management.port")
    int managementPort;

    @ParameterizedTest
    @CsvSource({"'{\"description\": \"Tests.\", \"pod\": {\"labels\": {\"a\": \"b\"}}}', true", "{}, false"})
    void allowsAProfileThatCompilesAndDeniesAnother(String spec, boolean allowed) throws Exception {
        String response = send(RawHttp.request("POST", RESOURCE, "Content-Type: application/json", review(spec)));

        assertThat(response).startsWith("HTTP/1.1 200 OK\r\n").contains("content-type: application/json\r\n");
        assertThat(body(response).at("/response/uid").asText()).isEqualTo("u1");
        assertThat(body(response).at("/response/allowed").asBoolean()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PURGE"})
    void acceptsNoOtherMethod(String method) throws Exception {
        String response = send(RawHttp.request(method, RESOURCE, "Content-Type: application/json", "{}"));

        assertThat(response)
                .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
                .contains("allow: POST\r\n")
                .isEqualTo(send(RawHttp.request(method, ROUTE, "Content-Type: application/json", "{}")));
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, 415",
        "application/jsonfoo, 415",
        "nothing at all, 415",
        "application/json; charset=utf-8, 400",
        "Application/JSON, 400"
    })
    void acceptsOnlyJson(String type, int status) throws Exception {
        String response = send(RawHttp.request("POST", RESOURCE, "Content-Type: " + type, "{}"));

        assertThat(response)
                .startsWith("HTTP/1.1 " + status + " ")
                .isEqualTo(send(RawHttp.request("POST", ROUTE, "Content-Type: " + type, "{}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-None: 1", "Accept: text/html", "Accept: application/json, */*", "Accept: nonsense"})
    void answersForEveryAcceptHeader(String header) throws Exception {
        String response = send(RawHttp.request("POST", RESOURCE, header, "{\"kind\": \"Pod\"}"));

        assertThat(response)
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .endsWith("this is not an AdmissionReview: apiVersion must be admission.k8s.io/v1, is missing\n")
                .isEqualTo(send(RawHttp.request("POST", ROUTE, header, "{\"kind\": \"Pod\"}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {";a=b", "/", "/x", "x", "%3Bx", "/;x", "/..;/validate-resources"})
    void existsAtOnePathOnly(String suffix) throws Exception {
        String response = send(RawHttp.request("POST", RESOURCE + suffix, "Content-Type: application/json", "{}"));

        assertThat(response)
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .endsWith("no such path\n")
                .isEqualTo(send(RawHttp.request("POST", "/nowhere", "Content-Type: application/json", "{}")));
    }

    @Test
    void acceptsSevenMebibytesAndNotMore() throws Exception {
        assertThat(send(RawHttp.request("POST", RESOURCE, "X-None: 1", " ".repeat(LARGEST))))
                .startsWith("HTTP/1.1 400 ")
                .isEqualTo(send(RawHttp.request("POST", ROUTE, "X-None: 1", " ".repeat(LARGEST))));
        assertThat(send(RawHttp.request("POST", RESOURCE, "X-None: 1", " ".repeat(LARGEST + 1))))
                .startsWith("HTTP/1.1 413 ")
                .isEqualTo(send(RawHttp.request("POST", ROUTE, "X-None: 1", " ".repeat(LARGEST + 1))));
    }

    @Test
    void acceptsAChunkedBodyOfSevenMebibytesAndNotMore() throws Exception {
        assertThat(send(RawHttp.chunked(RESOURCE, LARGEST))).startsWith("HTTP/1.1 400 ");
        assertThat(send(RawHttp.chunked(RESOURCE, LARGEST + 1)))
                .startsWith("HTTP/1.1 413 ")
                .isEqualTo(send(RawHttp.chunked(ROUTE, LARGEST + 1)));
    }

    @Test
    void sendsContinueAndKeepsTheConnection() throws Exception {
        byte[] body = review("{}").getBytes(StandardCharsets.UTF_8);
        try (Socket socket = ServerProcess.tls(http.getSecurePort())) {
            for (int request = 0; request < 3; request++) {
                OutputStream out = socket.getOutputStream();
                out.write(RawHttp.head("POST", RESOURCE, "Expect: 100-continue", body.length)
                        .getBytes(StandardCharsets.US_ASCII));
                String interim = new String(socket.getInputStream().readNBytes(25), StandardCharsets.US_ASCII);
                assertThat(interim).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
                out.write(body);

                assertThat(ServerProcess.response(socket)).startsWith("HTTP/1.1 200 OK\r\n");
            }
        }
    }

    @Test
    void refusesAReviewWhoseDeadlineIsOver() throws Exception {
        String review = review("{}");

        String response = send(RawHttp.request("POST", RESOURCE + "?timeout=1ns", "X-None: 1", review));

        assertThat(response)
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .contains("retry-after: 1\r\n")
                .contains("connection: close\r\n")
                .isEqualTo(send(RawHttp.request("POST", ROUTE + "?timeout=1ns", "X-None: 1", review)));
    }

    @Test
    void countsReviewsByDecision() throws Exception {
        String series =
                "pillion_reviews_total{code=\"malformed-review\",decision=\"malformed\",webhook=\"validate-resources\"}";
        double before = metric(series);

        send(RawHttp.request("POST", RESOURCE, "X-None: 1", "{}"));

        assertThat(metric(series)).isEqualTo(before + 1);
        assertThat(metric("pillion_review_duration_seconds_count{webhook=\"validate-resources\"}"))
                .isNotNegative();
    }

    private double metric(String series) {
        return given().baseUri("http://localhost:" + managementPort)
                .get("/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .sum();
    }

    private static String review(String spec) {
        return """
                {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "u1", "operation": "CREATE",
                 "resource": {"group": "pillion.dev", "version": "v1alpha1", "resource": "injectionprofiles"},
                 "object": {"apiVersion": "pillion.dev/v1alpha1", "kind": "InjectionProfile", "metadata": {"name": "tests"},
                  "spec": %s}}}""".formatted(spec);
    }

    private static JsonNode body(String response) throws IOException {
        return new ObjectMapper().readTree(response.substring(response.indexOf("\r\n\r\n") + 4));
    }

    private String send(byte[] request) throws Exception {
        return RawHttp.exchange(ServerProcess.tls(http.getSecurePort()), request);
    }
}
