package dev.pillion.server.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pillion.certificates.CertificateAuthority;
import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.cluster.Cluster;
import dev.pillion.cluster.FakeApiServer;
import dev.pillion.cluster.InvalidClusterException;
import dev.pillion.server.cluster.Election;
import dev.pillion.server.cluster.TestConnections;
import dev.pillion.server.configuration.InvalidConfigurationException;
import dev.pillion.server.configuration.PillionConfig;
import dev.pillion.server.configuration.TestConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The configured sources of the server's certificate, and sources that fail. */
class CertificatesTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final CertificateBeans beans = new CertificateBeans();
    private final TestConnections connections = new TestConnections();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        connections.close();
    }

    @Test
    void areSelfSignedByDefault() throws Exception {
        PillionConfig config = TestConfig.of(Map.of());
        Election election = election(config);

        CurrentCertificate certificate = beans.certificate(config, election, meters);

        assertThat(certificate.get().names()).contains("localhost", "127.0.0.1");
        assertThat(meters.get("pillion.certificate.expiration.timestamp")
                        .gauge()
                        .value())
                .isEqualTo(certificate.get().notAfter().getEpochSecond());
        assertThat(meters.find("pillion.leader").gauge()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pillion.cluster.watch=never | pillion.tls.self-managed is true, but pillion.cluster.watch is never
            pillion.tls.certificate=a pillion.tls.key=b | pillion.tls.self-managed is true, and pillion.tls.certificate and pillion.tls.key are given too; choose one of them
            """)
    void cannotBeSelfManagedWithoutAClusterOrWithFiles(String properties, String message) throws Exception {
        Map<String, String> all = new HashMap<>(Map.of("pillion.tls.self-managed", "true"));
        for (String property : properties.split(" ")) {
            all.put(property.split("=")[0], property.split("=")[1]);
        }
        PillionConfig config = TestConfig.of(all);
        Assumptions.assumeTrue(Cluster.around().isEmpty());
        Election election = election(config);

        assertThatThrownBy(() -> beans.certificate(config, election, meters))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pillion.tls.certificate | pillion.tls.certificate is set, and pillion.tls.key is not; set both
            pillion.tls.key | pillion.tls.key is set, and pillion.tls.certificate is not; set both
            """)
    void needsACertificateAndItsKey(String property, String message) throws Exception {
        PillionConfig config = TestConfig.of(Map.of(property, "file.pem"));
        Election election = election(config);

        assertThatThrownBy(() -> beans.certificate(config, election, meters))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pillion.tls.certificate-lifetime=365d | pillion.tls.authority-lifetime, pillion.tls.certificate-lifetime, pillion.tls.overlap or pillion.tls.subject-alternative-names: the lifetime of a certificate is 8760h, but must be at most 2920h, a third of its authority's lifetime
            pillion.tls.subject-alternative-names=under_score | pillion.tls.authority-lifetime, pillion.tls.certificate-lifetime, pillion.tls.overlap or pillion.tls.subject-alternative-names: 'under_score' is neither a DNS name nor an IP address
            pillion.tls.overlap=1s | pillion.tls.overlap must be at least three times pillion.tls.reload-period, so that every replica reads a new authority before the authority signs
            """)
    void cannotBeSelfManagedWithInvalidTerms(String property, String message) throws Exception {
        try (FakeApiServer server = new FakeApiServer()) {
            server.refuse(403, "forbidden");
            PillionConfig config = TestConfig.of(Map.of(
                    "pillion.tls.self-managed",
                    "true",
                    "pillion.namespace",
                    "pillion",
                    "pillion.pod",
                    "pillion-0",
                    "pillion.cluster.kubeconfig",
                    server.kubeconfig(directory).toString(),
                    property.split("=")[0],
                    property.split("=")[1]));
            Election election = election(config);

            assertThatThrownBy(() -> beans.certificate(config, election, meters))
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessage(message);
            assertThat(meters.get("pillion.leader").gauge().value()).isZero();
            beans.close(election);
        }
    }

    @Test
    void needNoElectionIfTheNamespaceIsNotKnown() throws Exception {
        try (FakeApiServer server = new FakeApiServer()) {
            Election election = election(TestConfig.of(Map.of(
                    "pillion.cluster.kubeconfig", server.kubeconfig(directory).toString())));

            assertThat(election)
                    .isEqualTo(new Election.None("Pillion's own namespace is not known; set POD_NAMESPACE"));
            assertThat(election.getAsBoolean()).isTrue();
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void areAwaitedAndReadAgainWhenTheSourceFails() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        AtomicReference<ServerCertificate> stored = new AtomicReference<>(issued());
        CurrentCertificate.Source source = current -> {
            if (reads.incrementAndGet() < 3) {
                throw new IOException("the API server is away");
            }
            if (reads.get() % 2 == 0) {
                throw new IllegalStateException("a mistake");
            }
            return stored.get();
        };

        try (CurrentCertificate certificate =
                CurrentCertificate.fromSource(source, SOON, Duration.ofMillis(5), new SimpleMeterRegistry())) {
            assertThat(certificate.get()).isEqualTo(stored.get());
            assertThat(certificate.refreshesItself()).isTrue();
            stored.set(issued());
            await().atMost(SOON).until(() -> certificate.get().equals(stored.get()));
        }
    }

    @Test
    void areAwaitedForALimitedTime() {
        CurrentCertificate.Source source = current -> {
            throw new IOException("the API server is away");
        };

        assertThatThrownBy(() ->
                        CurrentCertificate.fromSource(source, Duration.ofMillis(1), SOON, new SimpleMeterRegistry()))
                .isInstanceOf(InvalidCertificateException.class)
                .hasMessage("there is no certificate after 0 s: the API server is away");
    }

    private static ServerCertificate issued() {
        Instant now = Instant.now();
        return CertificateAuthority.create(Duration.ofDays(2), now).issue(List.of("pillion"), Duration.ofDays(1), now);
    }

    private Election election(PillionConfig config) throws InvalidClusterException {
        return beans.election(config, connections.open(config), meters);
    }
}
