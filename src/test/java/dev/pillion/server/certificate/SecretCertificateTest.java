package dev.pillion.server.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.certificates.CertificateAuthority;
import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.cluster.FakeObjects;
import dev.pillion.cluster.certificate.CaBundles;
import dev.pillion.cluster.certificate.CertificateSecrets;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a replica uses the certificate of the Secret. */
class SecretCertificateTest {

    private static final String SECRET = "v1/namespaces/pillion/secrets/pillion-certificate";
    private static final String WEBHOOKS = "admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/pillion";

    private final FakeObjects server = new FakeObjects();
    private final CertificateAuthority first = authority();
    private final CertificateAuthority second = authority();
    private KubernetesClient client;
    private SecretCertificate source;

    @BeforeEach
    void start() throws Exception {
        client = server.client();
        source = new SecretCertificate(
                new CertificateSecrets(client, "pillion", "pillion-ca", "pillion-certificate"),
                new CaBundles(client, "pillion"),
                "pillion-0",
                Clock.systemUTC());
        trust(first);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void isUsedAtOnceIfTheSameAuthorityIssuedIt() throws Exception {
        ServerCertificate current = stored(first);
        assertThat(source.read(Optional.empty()).fingerprint()).isEqualTo(current.fingerprint());
        server.delete(WEBHOOKS);
        ServerCertificate renewed = stored(first);

        assertThat(source.read(Optional.of(current)).fingerprint()).isEqualTo(renewed.fingerprint());
    }

    @Test
    void isUsedWhenAllWebhooksHaveTrustedItsAuthorityInTwoReads() throws Exception {
        ServerCertificate current = stored(first);
        source.read(Optional.empty());
        ServerCertificate offered = stored(second);

        assertThat(source.read(Optional.of(current))).isEqualTo(current);
        trust(first, second);
        assertThat(source.read(Optional.of(current))).isEqualTo(current);
        assertThat(source.served().orElseThrow().certificate().fingerprint()).isEqualTo(current.fingerprint());

        assertThat(source.read(Optional.of(current)).fingerprint()).isEqualTo(offered.fingerprint());
        assertThat(source.served().orElseThrow().certificate().fingerprint()).isEqualTo(offered.fingerprint());
    }

    @Test
    void isNotUsedIfTheWebhooksDidNotTrustItsAuthorityInBothReads() throws Exception {
        ServerCertificate current = stored(first);
        stored(second);
        trust(first, second);
        source.read(Optional.of(current));
        trust(first);
        source.read(Optional.of(current));
        trust(first, second);

        assertThat(source.read(Optional.of(current))).isEqualTo(current);
    }

    @Test
    void isNotUsedAtTheStartUntilTheWebhooksTrustIt() throws Exception {
        ServerCertificate offered = stored(second);
        assertThatThrownBy(() -> source.read(Optional.empty()))
                .isInstanceOf(InvalidCertificateException.class)
                .hasMessage("the webhooks do not yet trust the certificate in Secret pillion/pillion-certificate; the"
                        + " leader updates the webhooks");

        trust(first, second);

        assertThat(source.read(Optional.empty()).fingerprint()).isEqualTo(offered.fingerprint());
    }

    @Test
    void isUsedAtTheStartIfTheWebhooksCannotBeReadOrDoNotExist() throws Exception {
        ServerCertificate offered = stored(second);
        server.refuse("GET " + WEBHOOKS);
        assertThat(source.read(Optional.empty()).fingerprint()).isEqualTo(offered.fingerprint());
        server.allow();
        server.delete(WEBHOOKS);
        assertThat(source.read(Optional.empty()).fingerprint()).isEqualTo(offered.fingerprint());
    }

    @Test
    void isReportedInTheSecretOnceForEachCertificate() throws Exception {
        stored(first);
        ServerCertificate current = source.read(Optional.empty());

        source.serving(current);

        ObjectNode reported = server.find(SECRET).orElseThrow();
        assertThat(reported.at("/metadata/annotations/serving.pillion.dev~1pillion-0")
                        .asText())
                .isEqualTo(current.fingerprint());
        source.read(Optional.of(current));
        source.serving(current);
        assertThat(server.find(SECRET).orElseThrow()).isEqualTo(reported);
    }

    private static CertificateAuthority authority() {
        return CertificateAuthority.create(Duration.ofDays(30), Instant.now());
    }

    private ServerCertificate stored(CertificateAuthority authority) throws Exception {
        ServerCertificate issued = authority.issue(List.of("pillion"), Duration.ofDays(1), Instant.now());
        ObjectNode secret = JsonNodeFactory.instance.objectNode();
        secret.put("apiVersion", "v1").put("kind", "Secret").put("type", "kubernetes.io/tls");
        secret.putObject("metadata").put("name", "pillion-certificate").put("namespace", "pillion");
        secret.putObject("data")
                .put("tls.crt", base64(issued.certificatePem()))
                .put("tls.key", base64(issued.keyPem()))
                .put("ca.crt", base64(authority.certificatePem()));
        server.put(SECRET, secret.toString());
        return issued;
    }

    private void trust(CertificateAuthority... authorities) throws Exception {
        StringBuilder bundle = new StringBuilder();
        for (CertificateAuthority each : authorities) {
            bundle.append(each.certificatePem());
        }
        server.put(WEBHOOKS, """
                {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration", "metadata": {"name": "pillion"},
                 "webhooks": [{"name": "mutate.pillion.dev", "clientConfig": {"url": "https://example.com", "caBundle": "%s"}}]}
                """.formatted(base64(bundle.toString())));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
