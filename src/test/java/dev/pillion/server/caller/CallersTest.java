package dev.pillion.server.caller;

import static dev.pillion.server.review.GuardedServer.client;
import static dev.pillion.server.review.GuardedServer.connected;
import static dev.pillion.server.review.GuardedServer.context;
import static dev.pillion.server.review.GuardedServer.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pillion.certificates.ClientAuthorities;
import dev.pillion.certificates.SelfSignedCertificate;
import dev.pillion.certificates.TestClientAuthority;
import dev.pillion.server.cluster.ClusterConnection;
import dev.pillion.server.configuration.InvalidConfigurationException;
import dev.pillion.server.configuration.PillionConfig;
import dev.pillion.server.review.GuardedServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authentication of callers by client certificates, with real TLS connections. */
class CallersTest {

    private static final String REFUSED =
            "Pillion accepts reviews only from API servers that authenticate, and does not accept"
                    + " this caller: %s; see docs/authentication.md\n";

    private static final Duration SOON = Duration.ofSeconds(30);

    private static final ClusterConnection NO_CLUSTER = new ClusterConnection.None("pillion.cluster.watch is never");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final GuardedServer server = new GuardedServer(meters);
    private final CallerBeans beans = new CallerBeans();
    private final TestClientAuthority authority = TestClientAuthority.named("CN=callers");

    @TempDir
    private Path directory;

    private Path authorities;

    CallersTest() throws Exception {}

    @BeforeEach
    void writeAuthorities() throws IOException {
        authorities = Files.writeString(directory.resolve("ca.crt"), authority.pem());
    }

    @AfterEach
    void close() {
        beans.stop(null);
        server.close();
    }

    @Test
    void areNotAuthenticatedUnlessConfigured() throws Exception {
        int port = server(GuardedServer.config(Map.of()));

        assertThat(post(port, Optional.empty()).statusCode()).isEqualTo(200);
        assertThat(server.decisions()).isEqualTo(1);
    }

    @Test
    void areAcceptedWithACertificateOfTheAuthority() throws Exception {
        int port = server(verifiedBy(authorities));

        assertThat(post(port, Optional.of(authority.client("CN=kube-apiserver")))
                        .body())
                .isEqualTo("decided\n");
    }

    @Test
    void areRefusedWithoutACertificate() throws Exception {
        int port = server(verifiedBy(authorities));

        HttpResponse<String> answer = post(port, Optional.empty());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo(REFUSED.formatted("it presented no client certificate"));
        assertThat(answer.headers().firstValue("Connection")).hasValue("close");
        assertThat(server.decisions()).isZero();
        assertThat(refused("missing")).isEqualTo(1);
    }

    @Test
    void areRefusedWithACertificateOfAnotherAuthority() throws Exception {
        int port = server(verifiedBy(authorities));
        TestClientAuthority other = TestClientAuthority.named("CN=callers");

        HttpResponse<String> answer = post(port, Optional.of(other.client("CN=kube-apiserver")));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body())
                .isEqualTo(REFUSED.formatted("its client certificate is not trusted: no trusted authority signed it"));
        assertThat(server.decisions()).isZero();
        assertThat(refused("not-trusted")).isEqualTo(1);
    }

    @Test
    void areAcceptedByConfiguredNameOrGroup() throws Exception {
        int port = server(GuardedServer.config(Map.of(
                "pillion.clients.certificate-authority", authorities.toString(),
                "pillion.clients.names", "kube-apiserver,second",
                "pillion.clients.groups", "control-plane")));

        assertThat(post(port, Optional.of(authority.client("CN=second"))).statusCode())
                .isEqualTo(200);
        assertThat(post(port, Optional.of(authority.client("CN=any,O=x,O=control-plane")))
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> node = post(port, Optional.of(authority.client("CN=system:node:a,O=system:nodes")));
        assertThat(node.statusCode()).isEqualTo(403);
        assertThat(node.body())
                .isEqualTo(
                        REFUSED.formatted("its client certificate is for CN=system:node:a O=system:nodes, which is in"
                                + " neither pillion.clients.names nor pillion.clients.groups"));
        assertThat(post(port, Optional.of(authority.client("CN=kube-apiserver,CN=node")))
                        .statusCode())
                .as("two common names")
                .isEqualTo(403);
        assertThat(refused("not-allowed")).isEqualTo(2);
    }

    @Test
    void getTheReasonForARefusalBeforeTheySendABody() throws Exception {
        int port = server(verifiedBy(authorities));

        try (SSLSocket socket = connected(port, context(Optional.empty()))) {
            socket.getOutputStream()
                    .write("POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Length: 7000000\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answer).startsWith("HTTP/1.1 403 ").contains("it presented no client certificate");
        }
    }

    @Test
    void getARefusalIfTheySendALargeBodyAtOnce() throws Exception {
        int port = server(verifiedBy(authorities));

        for (int time = 0; time < 5; time++) {
            assertThat(post(port, Optional.empty(), "x".repeat(1_000_000)).statusCode())
                    .isEqualTo(403);
        }
        assertThat(server.decisions()).isZero();
    }

    @Test
    void areRefusedForEveryHttpMethod() throws Exception {
        int port = server(verifiedBy(authorities));
        HttpRequest get = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/mutate"))
                .build();

        try (HttpClient stranger = client(Optional.empty())) {
            assertThat(stranger.send(get, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(403);
        }
    }

    /** The client of the warm-up has no certificate of an API server. */
    @Test
    void areNotAuthenticatedOnThePathOfTheWarmUp() throws Exception {
        PillionConfig config = verifiedBy(authorities);
        int port = server.start(
                config,
                beans.callers(config, NO_CLUSTER, meters),
                (routes, router) -> routes.openToAnyone(router, "/mutate", body -> server.decided()));

        assertThat(post(port, Optional.empty()).statusCode()).isEqualTo(200);
    }

    /** A new authority signs the next certificate of the API server. */
    @Test
    void areVerifiedByNewAuthoritiesOnOpenConnections() throws Exception {
        int port = server(verifiedBy(authorities));
        TestClientAuthority next = TestClientAuthority.named("CN=callers-2");
        HttpClient old = client(Optional.of(authority.client("CN=kube-apiserver")));
        HttpClient renewed = client(Optional.of(next.client("CN=kube-apiserver")));
        assertThat(post(port, old).statusCode()).isEqualTo(200);
        assertThat(post(port, renewed).statusCode()).isEqualTo(403);

        Files.writeString(authorities, authority.pem() + next.pem());
        await().atMost(SOON).until(() -> post(port, renewed).statusCode() == 200);
        assertThat(post(port, old).statusCode()).isEqualTo(200);

        Files.writeString(authorities, next.pem());
        await().atMost(SOON).until(() -> post(port, old).statusCode() == 403);
        assertThat(post(port, renewed).statusCode()).isEqualTo(200);
        assertThat(meters.get("pillion.client.authority.expiration.timestamp")
                        .gauge()
                        .value())
                .isEqualTo(next.certificate().getNotAfter().getTime() / 1000);
        assertThat(meters.get("pillion.client.credential.expiration.timestamp")
                        .gauge()
                        .value())
                .isBetween(
                        Instant.now().getEpochSecond() + 3000.0, Instant.now().getEpochSecond() + 3600.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no certificate", "", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
    void areVerifiedByTheLastGoodAuthoritiesWhileTheFileIsInvalid(String broken) throws Exception {
        CurrentClientAuthorities current = new CurrentClientAuthorities(authorities);
        ClientAuthorities before = current.get();

        Files.writeString(authorities, broken);
        current.refresh();
        assertThat(current.get()).isSameAs(before);
        Files.delete(authorities);
        current.refresh();
        assertThat(current.get()).isSameAs(before);

        Files.writeString(authorities, TestClientAuthority.named("CN=next").pem());
        current.refresh();
        assertThat(current.get().subjects()).containsExactly("CN=next");
    }

    @Test
    void areRefusedOnAnOpenConnectionWhenTheirCertificateExpires() throws Exception {
        Instant now = Instant.now();
        AtomicReference<Instant> clock = new AtomicReference<>(now);
        ClientAuthorities trusted = ClientAuthorities.parse(authority.pem());
        int port = server.start(
                verifiedBy(authorities),
                new AuthenticatedCallers(
                        List.of(new ClientCertificateCheck(
                                () -> trusted,
                                new ClientCertificateCheck.Subjects(Set.of(), Set.of()),
                                new CredentialExpiry(meters, InstantSource.system()),
                                clock::get)),
                        meters));
        HttpClient client = client(Optional.of(authority.client("CN=kube-apiserver")));
        assertThat(post(port, client).statusCode()).isEqualTo(200);

        clock.set(now.plus(Duration.ofHours(2)));

        HttpResponse<String> answer = post(port, client);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("its client certificate is not trusted: it has expired");
    }

    /** A client that resumes a TLS session does not send its certificate again. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void areAcceptedWhenTheyResumeATlsSession(String protocol) throws Exception {
        int port = server(verifiedBy(authorities));
        SSLContext context = context(Optional.of(authority.client("CN=kube-apiserver")));

        for (int connection = 0; connection < 3; connection++) {
            try (SSLSocket socket = connected(port, context)) {
                socket.setEnabledProtocols(new String[] {protocol});
                socket.getOutputStream()
                        .write("POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void areVerifiedOncePerConnection() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        ClientAuthorities trusted = ClientAuthorities.parse(authority.pem());
        InstantSource clock = new InstantSource() {
            @Override
            public Instant instant() {
                reads.incrementAndGet();
                return Instant.now();
            }

            @Override
            public long millis() {
                return System.currentTimeMillis();
            }
        };
        int port = server.start(
                verifiedBy(authorities),
                new AuthenticatedCallers(
                        List.of(new ClientCertificateCheck(
                                () -> trusted,
                                new ClientCertificateCheck.Subjects(Set.of(), Set.of()),
                                new CredentialExpiry(meters, InstantSource.system()),
                                clock)),
                        meters));
        HttpClient client = client(Optional.of(authority.client("CN=kube-apiserver")));

        for (int review = 0; review < 50; review++) {
            assertThat(post(port, client).statusCode()).isEqualTo(200);
        }

        assertThat(reads).hasValue(1);
    }

    /** An API server with an expired certificate is refused, so a metric shows the expiry in advance. */
    @Test
    void haveAMetricWithTheEarliestExpiryOfTheirCredentials() {
        Instant start = Instant.ofEpochSecond(1_000_000);
        AtomicReference<Instant> time = new AtomicReference<>(start);
        CredentialExpiry expiry = new CredentialExpiry(meters, time::get);
        assertThat(expiry.earliest()).isNaN();

        expiry.accepted(start.plus(Duration.ofDays(3)));
        expiry.accepted(start.plus(Duration.ofDays(2)));
        assertThat(expiry.earliest()).isEqualTo(start.plus(Duration.ofDays(2)).getEpochSecond());

        time.set(start.plus(Duration.ofMinutes(61)));
        expiry.accepted(start.plus(Duration.ofDays(365)));
        assertThat(expiry.earliest())
                .as("another API server can still have the old one")
                .isEqualTo(start.plus(Duration.ofDays(2)).getEpochSecond());

        time.set(start.plus(Duration.ofMinutes(123)));
        assertThat(expiry.earliest())
                .as("no client has used the old one for an hour")
                .isEqualTo(start.plus(Duration.ofDays(365)).getEpochSecond());
        time.set(start.plus(Duration.ofDays(3)));
        assertThat(expiry.earliest())
                .as("no client has connected since")
                .isEqualTo(start.plus(Duration.ofDays(365)).getEpochSecond());
    }

    @Test
    void cannotBeVerifiedByAFileWithoutAnAuthority() throws Exception {
        Path leaf = Files.writeString(
                directory.resolve("leaf.crt"),
                SelfSignedCertificate.create(List.of("localhost"), Duration.ofHours(1), Clock.systemUTC())
                        .certificate());

        assertThatThrownBy(() -> beans.callers(verifiedBy(leaf), NO_CLUSTER, meters))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageStartingWith("pillion.clients.certificate-authority, " + leaf
                        + ": certificate 'CN=pillion' does not belong to an authority");
        assertThatThrownBy(() -> beans.callers(verifiedBy(directory.resolve("absent")), NO_CLUSTER, meters))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("NoSuchFileException");
    }

    @Test
    void cannotBeAcceptedByNameWithoutAnAuthority() {
        assertThatThrownBy(() -> beans.callers(
                        GuardedServer.config(Map.of("pillion.clients.names", "kube-apiserver")), NO_CLUSTER, meters))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("pillion.clients.names and pillion.clients.groups choose among the certificates of"
                        + " pillion.clients.certificate-authority, which is not set");
    }

    private int server(PillionConfig config) throws Exception {
        return server.start(config, beans.callers(config, NO_CLUSTER, meters));
    }

    private double refused(String reason) {
        return meters.get("pillion.unauthenticated.requests")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private static PillionConfig verifiedBy(Path authorities) {
        return GuardedServer.config(Map.of("pillion.clients.certificate-authority", authorities.toString()));
    }
}
