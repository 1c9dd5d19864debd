package dev.pillion.server;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server with the requests of an API server, a kubelet and Prometheus. */
@QuarkusTest
@QuarkusTestResource(ServerFiles.class)
@QuarkusTestResource(ServerCluster.class)
class WebhookServerTest {

    private static final int LARGEST = 7 * 1024 * 1024;
    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject
    HttpServer http;

    @ConfigProperty(name = "quarkus.management.port")
    int managementPort;

    @ConfigProperty(name = ServerFiles.DIRECTORY)
    Path directory;

    private static final String LOGGING_POLICY = """
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionPolicy
            metadata: {name: logs}
            spec:
              mode: Enforce
              match: {podSelector: {matchLabels: {app: cache}}}
              profiles: [{name: logging}]
            """;

    @AfterEach
    void removeProfiles() throws IOException {
        Files.deleteIfExists(profile());
        Files.deleteIfExists(policy());
    }

    @Test
    void answersAReviewWithAPatchAndItsUid() throws IOException {
        String patch = webhook()
                .contentType(ContentType.JSON)
                .body(review("deployment-pod"))
                .post("/mutate")
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .body("apiVersion", equalTo("admission.k8s.io/v1"))
                .body("kind", equalTo("AdmissionReview"))
                .body("response.uid", equalTo(uidOf("deployment-pod")))
                .body("response.allowed", equalTo(true))
                .body("response.patchType", equalTo("JSONPatch"))
                .extract()
                .path("response.patch");

        assertThat(new String(Base64.getDecoder().decode(patch), StandardCharsets.UTF_8))
                .contains("log-tailer");
    }

    @Test
    void injectsTheProfileThatTheNamespaceRequests() throws IOException {
        await().atMost(SOON).until(() -> management().get("/health/ready").statusCode() == 200);

        webhook()
                .contentType(ContentType.JSON)
                .body(review("not-asked-pod")
                        .replace("\"namespace\":\"shop\"", "\"namespace\":\"" + ServerCluster.REQUESTING + "\""))
                .post("/mutate")
                .then()
                .statusCode(200)
                .body("response.allowed", equalTo(true))
                .body("response.auditAnnotations.profiles", startsWith("logging@"));
    }

    @Test
    void asksToRetryIfTheNamespaceIsNotKnownYet() throws IOException {
        await().atMost(SOON).until(() -> management().get("/health/ready").statusCode() == 200);

        webhook()
                .contentType(ContentType.JSON)
                .body(review("not-asked-pod").replace("\"namespace\":\"shop\"", "\"namespace\":\"brand-new\""))
                .post("/mutate")
                .then()
                .statusCode(503)
                .header("Retry-After", "1")
                .body(equalTo("namespace brand-new was created a moment ago and is not known yet\n"));

        management()
                .get("/metrics")
                .then()
                .body(matchesPattern("(?s).*\npillion_unknown_namespace_reviews_total [1-9].*"));
    }

    @Test
    void refusesAPodWithoutAnEnforcedProfileInAStrictNamespace() throws IOException {
        Files.writeString(policy(), LOGGING_POLICY);
        String bare = review("not-asked-pod")
                .replace("\"namespace\":\"shop\"", "\"namespace\":\"" + ServerCluster.STRICT + "\"");

        await().atMost(SOON).untilAsserted(() -> webhook()
                .contentType(ContentType.JSON)
                .body(bare)
                .post("/validate")
                .then()
                .statusCode(200)
                .body("response.allowed", equalTo(false))
                .body("response.status.code", equalTo(403))
                .body(
                        "response.status.message",
                        startsWith("policy 'logs' enforces 'logging', and the Pod lacks container log-tailer")));
    }

    @Test
    void warnsAboutAPodWithoutAnEnforcedProfileInOtherNamespaces() throws IOException {
        Files.writeString(policy(), LOGGING_POLICY);

        await().atMost(SOON).untilAsserted(() -> webhook()
                .contentType(ContentType.JSON)
                .body(review("not-asked-pod"))
                .post("/validate")
                .then()
                .statusCode(200)
                .body("response.allowed", equalTo(true))
                .body("response.warnings[0]", startsWith("pillion: policy 'logs' enforces 'logging'"))
                .body("response.auditAnnotations.missing", startsWith("policy 'logs' enforces 'logging'")));
    }

    @Test
    void answersADenialWithStatus200() throws IOException {
        String typo = review("deployment-pod")
                .replace("\"pillion.dev/inject\":\"logging\"", "\"pillion.dev/inject\":\"loging\"");

        webhook()
                .contentType(ContentType.JSON)
                .body(typo)
                .post("/mutate")
                .then()
                .statusCode(200)
                .body("response.allowed", equalTo(false))
                .body("response.patch", nullValue())
                .body("response.status.code", equalTo(422))
                .body(
                        "response.status.message",
                        equalTo("annotation pillion.dev/inject: there is no profile 'loging'; did you mean 'logging'?"
                                + " (unknown-profile)"));
    }

    @Test
    void doesNotChangeAnUpdate() throws IOException {
        webhook()
                .contentType(ContentType.JSON)
                .body(review("update-pod"))
                .post("/mutate")
                .then()
                .statusCode(200)
                .body("response.allowed", equalTo(true))
                .body("response.patch", nullValue());
    }

    @Test
    void reportsTheProblemOfABodyThatIsNotAReview() {
        webhook()
                .contentType(ContentType.JSON)
                .body("{\"kind\": \"Pod\"}")
                .post("/mutate")
                .then()
                .statusCode(400)
                .contentType(ContentType.TEXT)
                .body(equalTo("this is not an AdmissionReview: apiVersion must be admission.k8s.io/v1, is missing\n"));
    }

    @Test
    void acceptsOnlyJson() {
        webhook()
                .contentType(ContentType.TEXT)
                .body("hello")
                .post("/mutate")
                .then()
                .statusCode(415);
    }

    @Test
    void acceptsAtMostSevenMebibytes() throws Exception {
        assertThat(post(" ".repeat(LARGEST)).statusCode()).isEqualTo(400);
        assertThat(post(" ".repeat(LARGEST + 1)).statusCode()).isEqualTo(413);
    }

    @Test
    void acceptsAChunkedBodyWithTheSameLimit() throws Exception {
        assertThat(postInChunks(review("deployment-pod")).statusCode()).isEqualTo(200);
        assertThat(postInChunks(" ".repeat(LARGEST + 1)).statusCode()).isEqualTo(413);
    }

    private HttpResponse<String> postInChunks(String body) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(InsecureTls.context())
                .build()) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("https://localhost:" + http.getSecurePort() + "/mutate"))
                    .header("Content-Type", "application/json")
                    .expectContinue(true)
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void acceptsOnlyPost() {
        webhook().get("/mutate").then().statusCode(405).header("Allow", "POST");
    }

    @Test
    void answersTheOtherPodsOfAWorkloadFromTheCacheWithTheirOwnUid() throws IOException {
        String review = review("deployment-pod");
        String uid = JsonPath.from(review).getString("request.uid");
        List<String> patches = new ArrayList<>();
        double before = cacheHits();
        for (int pod = 0; pod < 5; pod++) {
            String own = pod + uid.substring(1);
            patches.add(webhook()
                    .contentType(ContentType.JSON)
                    .body(review.replace(uid, own))
                    .post("/mutate")
                    .then()
                    .statusCode(200)
                    .body("response.uid", equalTo(own))
                    .extract()
                    .path("response.patch"));
        }

        assertThat(patches).doesNotContainNull();
        assertThat(patches.stream().distinct()).hasSize(1);
        assertThat(cacheHits() - before).isBetween(3.0, 5.0);
    }

    private double cacheHits() {
        return management()
                .get("/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("pillion_review_cache_hits_total{webhook=\"mutate\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    /** Sends the body only after {@code 100 Continue}, so the client reads the response even if the server refuses the body. */
    private HttpResponse<String> post(String body) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(InsecureTls.context())
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("https://localhost:" + http.getSecurePort() + "/mutate"))
                    .header("Content-Type", "application/json")
                    .expectContinue(true)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void refusesPlainHttp() {
        assertThatThrownBy(() -> given().port(http.getSecurePort()).body("{}").post("http://localhost/mutate"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void hasHealthAndMetricsOnTheManagementPort() throws IOException {
        await().atMost(SOON).until(() -> management().get("/health/ready").statusCode() == 200);
        webhook()
                .contentType(ContentType.JSON)
                .body(review("deployment-pod"))
                .post("/mutate")
                .then()
                .statusCode(200);

        management()
                .get("/health/ready")
                .then()
                .statusCode(200)
                .body("status", equalTo("UP"))
                .body("checks.find { it.name == 'catalog' }.data.generation", not(emptyOrNullString()))
                .body("checks.find { it.name == 'namespaces' }.data.known", equalTo(7));
        management()
                .get("/metrics")
                .then()
                .statusCode(200)
                .body(containsString(
                        "pillion_reviews_total{code=\"injected\",decision=\"injected\",webhook=\"mutate\"}"))
                .body(containsString("pillion_injections_total{policy=\"\",profile=\"logging\"}"))
                .body(containsString("pillion_catalog_valid 1.0"))
                .body(containsString("pillion_namespaces 7.0"))
                .body(containsString("pillion_namespaces_synced 1.0"))
                .body(containsString("pillion_informer_lag_seconds{informer=\"namespaces\"} 0.0"));
        assertThat(management().get("/metrics").asString())
                .contains(Stream.of("profile-files", "certificate-files", "watches", "cluster-version")
                        .map(task -> "pillion_task_last_success_timestamp_seconds{task=\"" + task + "\"} 1.")
                        .toList());
        webhook().get("/metrics").then().statusCode(404);
    }

    @Test
    void usesANewProfileWithoutARestart() throws IOException {
        Files.writeString(profile(), stamp("first"));

        await().atMost(SOON).until(() -> patchWithStamp().contains("first"));
        Files.writeString(profile(), stamp("second one"));
        await().atMost(SOON).until(() -> patchWithStamp().contains("second one"));
    }

    @Test
    void keepsTheLastGoodCatalogAndReportsAnInvalidFile() throws IOException {
        Files.writeString(profile(), stamp("good"));
        await().atMost(SOON).until(() -> patchWithStamp().contains("good"));

        Files.writeString(profile(), stamp("${params.nowhere}"));

        await().atMost(SOON)
                .untilAsserted(
                        () -> management().get("/metrics").then().body(containsString("pillion_catalog_valid 0.0")));
        management()
                .get("/health/ready")
                .then()
                .statusCode(200)
                .body(
                        "checks.find { it.name == 'catalog' }.data.problem",
                        equalTo("stamp.yaml:7: spec.pod.annotations.example.com/stamp: "
                                + "${params.nowhere}, column 7: unknown field 'nowhere'"));
        assertThat(patchWithStamp()).contains("good");
    }

    @Test
    void servesARenewedCertificateWithoutARestart() throws Exception {
        Certificate before = servedCertificate();

        ServerFiles.writeCertificate(directory);

        await().atMost(SOON).until(() -> !servedCertificate().equals(before));
    }

    @Test
    void acceptsEveryConnectionWhileACertificateIsRenewed() throws Exception {
        for (int renewal = 0; renewal < 5; renewal++) {
            Certificate before = servedCertificate();
            ServerFiles.writeCertificate(directory);
            // Each poll is a new handshake. A failed handshake fails the test.
            await().pollInterval(Duration.ofMillis(1)).atMost(SOON).until(() -> !servedCertificate()
                    .equals(before));
        }
    }

    @Test
    void keepsTheLastGoodCertificateWhenTheNewOneIsInvalid() throws Exception {
        Certificate before = servedCertificate();

        Files.writeString(directory.resolve("tls.key"), "no key");
        awaitThreeReloads();

        assertThat(servedCertificate()).isEqualTo(before);
        ServerFiles.writeCertificate(directory);
        await().atMost(SOON).until(() -> !servedCertificate().equals(before));
    }

    /** One thread reads both files in turn, so it has read the certificate too when the catalog changes. */
    private void awaitThreeReloads() throws IOException {
        for (String value : List.of("once", "twice", "thrice")) {
            Files.writeString(profile(), stamp(value));
            await().atMost(SOON).until(() -> patchWithStamp().contains(value));
        }
    }

    private String patchWithStamp() throws IOException {
        String review = review("deployment-pod")
                .replace("\"pillion.dev/inject\":\"logging\"", "\"pillion.dev/inject\":\"stamp\"");
        String patch = webhook()
                .contentType(ContentType.JSON)
                .body(review)
                .post("/mutate")
                .path("response.patch");
        return patch == null ? "" : new String(Base64.getDecoder().decode(patch), StandardCharsets.UTF_8);
    }

    private static String stamp(String value) {
        return """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionProfile
                metadata: {name: stamp}
                spec:
                  description: Marks a Pod.
                  pod:
                    annotations: {example.com/stamp: "%s"}
                """.formatted(value);
    }

    private Path policy() {
        return profile().resolveSibling("policy.yaml");
    }

    private Path profile() {
        return directory.resolve("profiles").resolve("stamp.yaml");
    }

    private RequestSpecification webhook() {
        return given().relaxedHTTPSValidation().baseUri("https://localhost:" + http.getSecurePort());
    }

    private RequestSpecification management() {
        return given().baseUri("http://localhost:" + managementPort);
    }

    private static String review(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/reviews", name + ".json"));
    }

    private static String uidOf(String name) throws IOException {
        return review(name).replaceAll("(?s).*?\"uid\":\"([^\"]+)\".*", "$1");
    }

    private Certificate servedCertificate() throws Exception {
        try (SSLSocket socket =
                (SSLSocket) InsecureTls.context().getSocketFactory().createSocket("localhost", http.getSecurePort())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }
}
