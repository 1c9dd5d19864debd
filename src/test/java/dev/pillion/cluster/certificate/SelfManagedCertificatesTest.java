package dev.pillion.cluster.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.IssuedCertificate;
import dev.pillion.certificates.Pem;
import dev.pillion.certificates.Rotation;
import dev.pillion.certificates.Terms;
import dev.pillion.cluster.FakeObjects;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Secrets and webhook configurations that the leader writes. */
class SelfManagedCertificatesTest {

    private static final Instant START = Instant.parse("2026-05-01T12:00:00Z");
    private static final String CA = "v1/namespaces/pillion/secrets/pillion-ca";
    private static final String CERTIFICATE = "v1/namespaces/pillion/secrets/pillion-certificate";
    private static final String MUTATING = "admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/pillion";
    private static final String VALIDATING = "admissionregistration.k8s.io/v1/validatingwebhookconfigurations/pillion";

    private final FakeObjects server = new FakeObjects();
    private final RecordingListener listener = new RecordingListener();
    private Optional<IssuedCertificate> served = Optional.empty();
    private boolean leading = true;
    private final SelfManagedCertificates.Replica replica =
            new SelfManagedCertificates.Replica("pillion-0", () -> leading, () -> served);
    private KubernetesClient client;
    private CertificateSecrets secrets;
    private SelfManagedCertificates certificates;

    private static final class RecordingListener implements SelfManagedCertificates.Listener {

        private final List<String> authorities = new ArrayList<>();
        private final List<String> issued = new ArrayList<>();
        private final List<String> repaired = new ArrayList<>();
        private int failures;

        @Override
        public void changedAuthorities(String reason) {
            authorities.add(reason);
        }

        @Override
        public void issued(String reason) {
            issued.add(reason);
        }

        @Override
        public void repaired(List<String> webhooks) {
            repaired.addAll(webhooks);
        }

        @Override
        public void failed() {
            failures++;
        }
    }

    @BeforeEach
    void start() throws Exception {
        client = server.client();
        secrets = new CertificateSecrets(client, "pillion", "pillion-ca", "pillion-certificate");
        certificates = newLeader();
        server.put(MUTATING, """
                {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration", "metadata": {"name": "pillion"},
                 "webhooks": [{"name": "mutate.pillion.dev", "timeoutSeconds": 5, "newerField": "kept",
                               "clientConfig": {"service": {"name": "pillion", "namespace": "pillion"}}}]}
                """);
        server.put(VALIDATING, """
                {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": "pillion"},
                 "webhooks": [{"name": "strict.validate.pillion.dev", "clientConfig": {"url": "https://example.com"}},
                              {"name": "validate.pillion.dev", "clientConfig": {"url": "https://example.com", "caBundle": "b2xk"}}]}
                """);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void createsBothSecretsAndSetsTheBundleOfAllWebhooks() throws Exception {
        certificates.reconcile(START);

        IssuedCertificate served = secrets.certificateToServe();
        assertThat(served.certificate().notAfter()).isEqualTo(START.plus(Duration.ofDays(90)));
        assertThat(bundles())
                .hasSize(3)
                .allMatch(bundle -> bundle.contains(served.issuer().orElseThrow()));
        assertThat(object(CA).at("/type").asText()).isEqualTo("Opaque");
        assertThat(object(CERTIFICATE).at("/type").asText()).isEqualTo("kubernetes.io/tls");
        assertThat(listener.authorities).hasSize(1);
        assertThat(listener.issued).hasSize(1);
        assertThat(listener.repaired).isEmpty();
        assertThat(listener.failures).isZero();
    }

    @Test
    void writesNothingIfNothingChanges() {
        certificates.reconcile(START);
        server.forgetRequests();

        certificates.reconcile(START.plusSeconds(5));
        newLeader().reconcile(START.plusSeconds(10));

        assertThat(server.writes()).isEmpty();
    }

    @Test
    void changesOnlyTheBundle() {
        ObjectNode before = object(MUTATING);

        certificates.reconcile(START);

        ObjectNode after = object(MUTATING);
        assertThat(after.at("/webhooks/0/clientConfig").has("caBundle")).isTrue();
        ((ObjectNode) after.at("/webhooks/0/clientConfig")).remove("caBundle");
        ((ObjectNode) after.at("/metadata")).set("resourceVersion", before.at("/metadata/resourceVersion"));
        assertThat(after).isEqualTo(before);
    }

    @Test
    void restoresABundleThatSomeoneRemoved() throws Exception {
        certificates.reconcile(START);
        ObjectNode whole = object(VALIDATING);
        ObjectNode changed = whole.deepCopy();
        ((ObjectNode) changed.at("/webhooks/1/clientConfig")).remove("caBundle");
        server.put(VALIDATING, changed.toString());

        certificates.reconcile(START.plusSeconds(5));

        assertThat(object(VALIDATING).at("/webhooks")).isEqualTo(whole.at("/webhooks"));
        assertThat(listener.repaired).containsExactly("validate.pillion.dev");
    }

    @Test
    void setsTheBundleOfAConfigurationThatIsCreatedLater() throws Exception {
        String later = object(MUTATING).toString();
        server.delete(MUTATING);
        certificates.reconcile(START);
        assertThat(listener.failures).isZero();

        server.put(MUTATING, later);
        certificates.reconcile(START.plusSeconds(5));

        assertThat(bundles()).hasSize(3).allMatch(bundle -> bundle.size() == 1);
    }

    @Test
    void trustsBothAuthoritiesWhileItRotatesThem() throws Exception {
        certificates.reconcile(START);
        X509Certificate first = secrets.certificateToServe().issuer().orElseThrow();

        Instant due = START.plus(Duration.ofDays(245));
        certificates.reconcile(due);
        assertThat(bundles()).allMatch(bundle -> bundle.size() == 2 && bundle.contains(first));
        assertThat(secrets.certificateToServe().issuer()).contains(first);

        newLeader().reconcile(due.plus(Duration.ofHours(1)));
        X509Certificate second = secrets.certificateToServe().issuer().orElseThrow();
        assertThat(second).isNotEqualTo(first);
        assertThat(bundles()).allMatch(bundle -> bundle.containsAll(List.of(first, second)));
        assertThat(text(CA, "retired.crt")).isEqualTo(Pem.of(List.of(first)));
        assertThat(text(CA, "retired.until"))
                .isEqualTo(due.plus(Duration.ofHours(1)).plus(Duration.ofDays(90)) + "");
        assertThat(object(CA).at("/data").has("next.key")).isFalse();

        newLeader().reconcile(due.plus(Duration.ofDays(91)));
        assertThat(bundles()).allMatch(List.of(second)::equals);
    }

    @Test
    void doesNotSignWithANewAuthorityIfItCannotPatchTheWebhooks() throws Exception {
        certificates.reconcile(START);
        X509Certificate first = secrets.certificateToServe().issuer().orElseThrow();
        server.refuse("PATCH " + VALIDATING);

        Instant due = START.plus(Duration.ofDays(245));
        certificates.reconcile(due);
        certificates.reconcile(due.plus(Duration.ofDays(1)));

        assertThat(secrets.certificateToServe().issuer()).contains(first);
        assertThat(listener.failures).isEqualTo(2);
        server.allow();
        certificates.reconcile(due.plus(Duration.ofDays(2)));
        certificates.reconcile(due.plus(Duration.ofDays(3)));
        assertThat(secrets.certificateToServe().issuer()).isPresent().isNotEqualTo(first);
    }

    @Test
    void replacesInvalidKeysInASecretAndKeepsTheLabelsOfOthers() throws Exception {
        certificates.reconcile(START);
        ObjectNode broken = object(CA);
        broken.withObject("/data").put("ca.key", "####").remove("ca.crt");
        broken.withObject("/data").put("ca.crt", "####");
        broken.withObject("/metadata/labels").put("team", "platform");
        server.put(CA, broken.toString());
        List<X509Certificate> trusted = bundles().getFirst();

        certificates.reconcile(START.plusSeconds(5));

        assertThat(bundles()).allMatch(bundle -> bundle.size() == 2 && bundle.containsAll(trusted));
        assertThat(object(CA).at("/metadata/labels/team").asText()).isEqualTo("platform");
        certificates.reconcile(START.plus(Duration.ofHours(2)));
        assertThat(text(CA, "ca.crt")).startsWith("-----BEGIN CERTIFICATE-----");
    }

    @Test
    void doesNotOverwriteTheSecretOfAnotherReplica() throws Exception {
        certificates.reconcile(START);
        CertificateSecrets.Stored<Optional<IssuedCertificate>> read = secrets.certificate();
        server.put(CERTIFICATE, object(CERTIFICATE).toString());

        assertThatThrownBy(() -> secrets.write(read.content().orElseThrow(), read))
                .hasMessageContaining("was modified");
    }

    @Test
    void continuesWhenTheApiServerIsAvailableAgain() {
        server.stop();
        certificates.reconcile(START);
        certificates.reconcile(START);
        assertThat(listener.failures).isEqualTo(2);

        server.start();
        certificates.reconcile(START);

        assertThat(bundles()).hasSize(3).allMatch(bundle -> bundle.size() == 1);
    }

    @Test
    void reportsWhyReplicasHaveNoCertificate() {
        assertThatThrownBy(secrets::certificateToServe)
                .isInstanceOf(InvalidCertificateException.class)
                .hasMessage("there is no Secret pillion/pillion-certificate; the leader creates it");

        server.refuse("GET " + CERTIFICATE);

        assertThatThrownBy(secrets::certificateToServe)
                .isInstanceOf(InvalidCertificateException.class)
                .hasMessage("Secret pillion/pillion-certificate cannot be read: the API server answered 403: "
                        + CERTIFICATE + " is forbidden; Pillion's ServiceAccount or user needs get on it");
    }

    @Test
    void keepsTheAuthorityOfTheServedCertificateWhenBothSecretsAreDeleted() throws Exception {
        certificates.reconcile(START);
        IssuedCertificate before = secrets.certificateToServe();
        X509Certificate first = before.issuer().orElseThrow();
        served = Optional.of(before);

        server.delete(CA);
        server.delete(CERTIFICATE);
        newLeader().reconcile(START.plusSeconds(5));

        assertThat(bundles()).allMatch(bundle -> bundle.size() == 2 && bundle.contains(first));
        assertThat(secrets.certificateToServe().certificate().fingerprint())
                .as("restored from memory, for replicas that start now")
                .isEqualTo(before.certificate().fingerprint());
        newLeader().reconcile(START.plusSeconds(5).plus(Duration.ofHours(1)));
        assertThat(secrets.certificateToServe().issuer()).isPresent().isNotEqualTo(Optional.of(first));
        assertThat(bundles()).allMatch(bundle -> bundle.contains(first));
    }

    @Test
    void restoresTheLastCertificateIfBothSecretsAreDeletedBeforeItIsServed() throws Exception {
        Instant renewal = START.plus(Duration.ofDays(61));
        certificates.reconcile(START);
        served = Optional.of(secrets.certificateToServe());
        certificates.reconcile(renewal);
        IssuedCertificate renewed = secrets.certificateToServe();
        assertThat(renewed.certificate().notAfter())
                .isAfter(served.orElseThrow().certificate().notAfter());

        server.delete(CA);
        server.delete(CERTIFICATE);
        certificates.reconcile(renewal.plusSeconds(5));

        assertThat(secrets.certificateToServe().certificate().fingerprint())
                .isEqualTo(renewed.certificate().fingerprint());
    }

    @Test
    void restoresTheFirstCertificateIfBothSecretsAreDeletedBeforeItIsServed() throws Exception {
        certificates.reconcile(START);
        IssuedCertificate first = secrets.certificateToServe();

        server.delete(CA);
        server.delete(CERTIFICATE);
        certificates.reconcile(START.plusSeconds(1));

        assertThat(secrets.certificateToServe().certificate().fingerprint())
                .as("other replicas can have read it already")
                .isEqualTo(first.certificate().fingerprint());
        assertThat(bundles()).allMatch(bundle -> bundle.contains(first.issuer().orElseThrow()));
    }

    @Test
    void keepsTheTrustedAuthorityIfBothSecretsAreDeletedAndTheLeaderIsNew() throws Exception {
        certificates.reconcile(START);
        X509Certificate first = secrets.certificateToServe().issuer().orElseThrow();

        server.delete(CA);
        server.delete(CERTIFICATE);
        newLeader().reconcile(START.plusSeconds(5));

        assertThat(bundles()).allMatch(bundle -> bundle.size() == 2 && bundle.contains(first));
        assertThat(secrets.certificateToServe().issuer()).isPresent().isNotEqualTo(Optional.of(first));
    }

    @Test
    void removesALostAuthorityWhenEachReplicaHasReportedTheNewCertificate() throws Exception {
        certificates.reconcile(START);
        server.delete(CA);
        server.delete(CERTIFICATE);
        certificates = newLeader();
        certificates.reconcile(START.plusSeconds(5));
        assertThat(bundles()).allMatch(bundle -> bundle.size() == 2);
        X509Certificate second = secrets.certificateToServe().issuer().orElseThrow();
        pods("pillion-0 Running", "pillion-1 Running", "pillion-2 Succeeded");

        report("pillion-0");
        certificates.reconcile(START.plusSeconds(10));
        assertThat(bundles()).as("one replica has not reported it").allMatch(bundle -> bundle.size() == 2);
        report("pillion-1");
        certificates.reconcile(START.plusSeconds(15));
        assertThat(bundles()).as("each replica must report again").allMatch(bundle -> bundle.size() == 2);
        report("pillion-0");
        report("pillion-1");
        certificates.reconcile(START.plusSeconds(20));

        assertThat(bundles()).allMatch(List.of(second)::equals);
        assertThat(listener.authorities.getLast())
                .isEqualTo(
                        "every replica uses the new certificate; authorities whose keys were lost are no longer trusted");
    }

    @Test
    void ignoresReportsThatABackupRestored() throws Exception {
        certificates.reconcile(START);
        server.delete(CA);
        server.delete(CERTIFICATE);
        certificates = newLeader();
        certificates.reconcile(START.plusSeconds(5));
        pods("pillion-0 Running");
        report("pillion-0");
        ObjectNode backup = object(CERTIFICATE);
        certificates.reconcile(START.plusSeconds(10));

        server.put(CERTIFICATE, backup.toString());
        certificates.reconcile(START.plusSeconds(15));

        assertThat(bundles()).allMatch(bundle -> bundle.size() == 2);
    }

    @Test
    void keepsALostAuthorityIfTheReplicasAreNotKnown() throws Exception {
        certificates.reconcile(START);
        server.delete(CA);
        server.delete(CERTIFICATE);
        certificates = newLeader();
        certificates.reconcile(START.plusSeconds(5));

        report("pillion-0");
        certificates.reconcile(START.plusSeconds(10));
        pods("other Running");
        certificates.reconcile(START.plusSeconds(15));
        pods();
        certificates.reconcile(START.plusSeconds(20));

        assertThat(bundles()).allMatch(bundle -> bundle.size() == 2);
    }

    @Test
    void writesNothingIfItIsNotTheLeader() {
        leading = false;

        certificates.reconcile(START);

        assertThat(server.writes()).isEmpty();
    }

    /** @param pods a name and a phase each */
    private void pods(String... pods) throws Exception {
        server.put("v1/namespaces/pillion/pods", """
                {"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": [%s]}
                """.formatted(Stream.of(pods)
                .map(pod -> """
                        {"metadata": {"name": "%s", "namespace": "pillion"}, "status": {"phase": "%s"}}
                        """.formatted((Object[]) pod.split(" ")))
                .collect(Collectors.joining(","))));
    }

    private void report(String replica) throws Exception {
        CertificateSecrets secretsOfReplica =
                new CertificateSecrets(client, "pillion", "pillion-ca", "pillion-certificate");
        secretsOfReplica.report(replica, secretsOfReplica.certificateToServe().certificate());
    }

    private SelfManagedCertificates newLeader() {
        Terms terms = new Terms(
                Duration.ofDays(365), Duration.ofDays(90), Duration.ofHours(1), List.of("pillion.pillion.svc"));
        return new SelfManagedCertificates(
                secrets, new CaBundles(client, "pillion"), new Rotation(terms), replica, listener);
    }

    private ObjectNode object(String path) {
        return server.find(path).orElseThrow();
    }

    private String text(String secret, String key) {
        return decoded(object(secret).at("/data").path(key).asText());
    }

    /** The authorities that each webhook trusts. */
    private List<List<X509Certificate>> bundles() {
        List<List<X509Certificate>> bundles = new ArrayList<>();
        for (String configuration : List.of(MUTATING, VALIDATING)) {
            for (JsonNode webhook : object(configuration).path("webhooks")) {
                try {
                    bundles.add(Pem.certificates(
                            decoded(webhook.at("/clientConfig/caBundle").asText())));
                } catch (InvalidCertificateException e) {
                    throw new AssertionError(webhook.path("name").asText(), e);
                }
            }
        }
        return bundles;
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
