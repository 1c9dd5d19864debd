package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Two replicas with self-managed certificates that they renew every few seconds. The API server calls both for each Pod with {@code
 * failurePolicy: Fail}, so a Pod fails if a certificate is not trusted. Runs alone, because lifetimes are short.
 */
@Isolated
@ExtendWith(Stage.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CertificatesTest {

    private static final String NAME = "pillion-e2e-certificates";
    private static final String LABEL = "e2e.pillion.dev/certificates";
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration LIFE = Duration.ofSeconds(30);
    private static final Duration STREAM = Duration.ofSeconds(160);
    private static final int PODS_AFTER_REPLACEMENT = 8;

    private static final String WEBHOOKS = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: %1$sWebhookConfiguration
            metadata: {name: %2$s}
            webhooks: [%3$s]
            """;

    private static final String WEBHOOK = """
            {name: %1$s.certificates.pillion.dev, admissionReviewVersions: [v1], clientConfig: {url: "%2$s"},
             rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods], scope: Namespaced}],
             namespaceSelector: {matchLabels: {%3$s: here}}, failurePolicy: Fail, sideEffects: None, timeoutSeconds: 10}""";

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: probe, annotations: {pillion.dev/inject: logging}}
            spec:
              schedulerName: none
              containers: [{name: app, image: "busybox:1.37"}]
            """;

    /** The permissions in certs/README.md and docs/webhook.md, and no others. */
    private static final String RIGHTS = """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: pillion, namespace: %1$s}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: pillion, namespace: %1$s}
            rules:
              - {apiGroups: [coordination.k8s.io], resources: [leases], resourceNames: [pillion], verbs: [get, patch]}
              - {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [create]}
              - {apiGroups: [""], resources: [secrets], resourceNames: [pillion-certificate, pillion-ca], verbs: [get, update]}
              - {apiGroups: [""], resources: [secrets], verbs: [create]}
              - {apiGroups: [""], resources: [events], verbs: [create]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: pillion, namespace: %1$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pillion}
            subjects: [{kind: ServiceAccount, name: pillion, namespace: %1$s}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: %2$s}
            rules:
              - {apiGroups: [""], resources: [namespaces], verbs: [list, watch]}
              - {apiGroups: [""], resources: [pods], verbs: [list]}
              - {apiGroups: [pillion.dev], resources: [injectionprofiles, injectionpolicies], verbs: [list, watch]}
              - apiGroups: [admissionregistration.k8s.io]
                resources: [mutatingwebhookconfigurations, validatingwebhookconfigurations]
                resourceNames: [%2$s]
                verbs: [get, patch]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: %2$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %2$s}
            subjects: [{kind: ServiceAccount, name: pillion, namespace: %1$s}]
            """;

    private KubernetesClient client;
    /** Pillion's own namespace. Pillion does not change its Pods. */
    private Sandbox home;

    private Sandbox sandbox;
    private List<PillionProcess> replicas;
    private final List<HasMetadata> configurations = new ArrayList<>();

    @BeforeAll
    void start(KubernetesClient client) throws IOException {
        this.client = client;
        home = Sandbox.open(client, Map.of());
        sandbox = Sandbox.open(client, Map.of(LABEL, "here"));
        Path kubeconfig = kubeconfigOfServiceAccount();
        replicas = List.of(replica("replica-a", kubeconfig), replica("replica-b", kubeconfig));
        for (PillionProcess replica : replicas) {
            replica.start();
        }
        configurations.add(register(
                "Mutating",
                webhook("a", replicas.getFirst().url("/mutate")) + ", "
                        + webhook("b", replicas.getLast().url("/mutate"))));
        configurations.add(
                register("Validating", webhook("c", replicas.getFirst().url("/validate"))));
    }

    private Path kubeconfigOfServiceAccount() throws IOException {
        home.create(RIGHTS.formatted(home.namespace(), NAME));
        String token = home.kubectl("create", "token", "pillion").orFail().strip();
        Path kubeconfig = Files.copy(
                Environment.KUBECONFIG,
                Environment.temporaryDirectory("kubeconfig").resolve("kubeconfig"));
        String file = "--kubeconfig=" + kubeconfig;
        home.kubectl(file, "config", "set-credentials", "pillion", "--token=" + token)
                .orFail();
        home.kubectl(file, "config", "set-context", "--current", "--user=pillion")
                .orFail();
        return kubeconfig;
    }

    private PillionProcess replica(String name, Path kubeconfig) throws IOException {
        return PillionProcess.selfManaged(
                name,
                kubeconfig,
                Map.of(
                        "POD_NAME",
                        name,
                        "POD_NAMESPACE",
                        home.namespace(),
                        "PILLION_TLS_SELF_MANAGED",
                        "true",
                        "PILLION_TLS_SUBJECT_ALTERNATIVE_NAMES",
                        Environment.ADDRESS,
                        "PILLION_TLS_WEBHOOK_CONFIGURATIONS",
                        NAME,
                        "PILLION_TLS_RELOAD_PERIOD",
                        "500ms",
                        "PILLION_TLS_CERTIFICATE_LIFETIME",
                        LIFE.toSeconds() + "s",
                        "PILLION_TLS_AUTHORITY_LIFETIME",
                        3 * LIFE.toSeconds() + "s",
                        "PILLION_TLS_OVERLAP",
                        LIFE.toSeconds() / 4 + "s"));
    }

    private static String webhook(String name, String url) {
        return WEBHOOK.formatted(name, url, LABEL);
    }

    private HasMetadata register(String kind, String webhooks) {
        return client.resource(WEBHOOKS.formatted(kind, NAME, webhooks)).create();
    }

    @AfterAll
    void stop() throws InterruptedException {
        configurations.forEach(it -> client.resource(it).delete());
        for (PillionProcess replica : replicas) {
            replica.close();
        }
        sandbox.close();
        home.kubectl("delete", "clusterrole,clusterrolebinding", NAME).orFail();
        home.close();
    }

    @Test
    @Order(1)
    void theLeaderWritesTheCaBundleAndPodsAreInjected() throws Exception {
        await("caBundle is filled").atMost(SOON).until(() -> bundles().stream().noneMatch(String::isEmpty));

        await("the API server calls both").atMost(SOON).ignoreExceptions().until(this::injects);
        assertThat(metric("pillion_leader")).as("leaders").isEqualTo(1);
        assertThat(new HashSet<>(bundles())).hasSize(1);
        home.awaitEvent("CertificateIssued", "a certificate is issued, because ");
    }

    @Test
    @Order(2)
    void aDeletedOrChangedCaBundleIsRepairedWithinSeconds() throws Exception {
        for (String value : List.of("\"\"", "\"" + strangersBundle() + "\"")) {
            double before = metric("pillion_ca_bundle_repairs_total");
            sandbox.kubectl(
                            "patch",
                            "mutatingwebhookconfiguration",
                            NAME,
                            "--type=json",
                            "--patch=[{\"op\": \"replace\", \"path\": \"/webhooks/1/clientConfig/caBundle\", \"value\": "
                                    + value + "}]")
                    .orFail();
            long start = System.nanoTime();
            await("caBundle is repaired")
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> new HashSet<>(bundles()).size() == 1);
            System.out.printf("         repaired after %.1f s%n", (System.nanoTime() - start) / 1e9);
            await().atMost(SOON).until(() -> metric("pillion_ca_bundle_repairs_total") > before);
        }
        await("Pods are injected").atMost(SOON).ignoreExceptions().until(this::injects);
    }

    @Test
    @Order(3)
    @Timeout(300)
    void noPodFailsWhileCertificatesAndAuthoritiesRotate() throws Exception {
        Set<Object> certificates = new HashSet<>();
        Set<Object> authorities = new HashSet<>();
        List<String> failures = new ArrayList<>();
        int pods = 0;
        int bare = 0;
        int handshakes = 0;
        long end = System.nanoTime() + STREAM.toNanos();
        while (System.nanoTime() < end) {
            try {
                pods++;
                bare += injects() ? 0 : 1;
                // The API server keeps its connections. A new connection with the same trusted authorities shows each
                // certificate.
                String bundle = bundles().getFirst();
                for (PillionProcess replica : replicas) {
                    handshakes++;
                    X509Certificate served = handshake(replica, bundle);
                    certificates.add(served.getSerialNumber());
                    authorities.add(served.getIssuerX500Principal());
                }
            } catch (Exception e) {
                failures.add(e.toString());
            }
        }
        System.out.printf(
                "         %d Pods and %d fresh handshakes, %d failed, %d bare; %d certificates by %d authorities%n",
                pods, handshakes, failures.size(), bare, certificates.size(), authorities.size());
        assertThat(failures).isEmpty();
        assertThat(bare).isZero();
        assertThat(pods).isGreaterThan(100);
        assertThat(certificates).hasSizeGreaterThan(6);
        assertThat(authorities).hasSizeGreaterThanOrEqualTo(3);
        assertThat(metric("pillion_certificate_renewals_total{type=\"authority\"}"))
                .isGreaterThan(4);
    }

    @Test
    @Order(4)
    void noPodFailsWhileALostAuthorityIsReplaced() throws Exception {
        String before = secret("pillion-ca").getData().get("ca.crt");

        client.secrets().inNamespace(home.namespace()).withName("pillion-ca").delete();

        await("another signs").atMost(SOON).pollInterval(Duration.ofMillis(100)).until(() -> {
            assertThat(injects()).isTrue();
            for (PillionProcess replica : replicas) {
                handshake(replica, bundles().getFirst());
            }
            Secret present = secret("pillion-ca");
            String now = present == null ? null : present.getData().get("ca.crt");
            return now != null && !now.equals(before);
        });
        assertThat(injects()).isTrue();
    }

    @Test
    @Order(5)
    @Timeout(240)
    void noPodFailsWhenBothSecretsAreDeletedAtOnce() throws Exception {
        List<String> failures = new ArrayList<>();
        int pods = 0;
        int bare = 0;
        for (int round = 0; round < 3; round++) {
            String before = secret("pillion-ca").getData().get("ca.crt");
            client.secrets()
                    .inNamespace(home.namespace())
                    .withName("pillion-ca")
                    .delete();
            client.secrets()
                    .inNamespace(home.namespace())
                    .withName("pillion-certificate")
                    .delete();
            long end = System.nanoTime() + SOON.toNanos();
            boolean replaced = false;
            // Some Pods are created after the replacement too, however quick it is.
            for (int after = 0; after < PODS_AFTER_REPLACEMENT && System.nanoTime() < end; after += replaced ? 1 : 0) {
                try {
                    pods++;
                    bare += injects() ? 0 : 1;
                    for (PillionProcess replica : replicas) {
                        handshake(replica, bundles().getFirst());
                    }
                } catch (Exception e) {
                    failures.add(e.toString());
                }
                Secret present = secret("pillion-ca");
                String now = present == null ? null : present.getData().get("ca.crt");
                replaced = now != null && !now.equals(before);
            }
            assertThat(replaced).as("another authority signs").isTrue();
        }
        System.out.printf(
                "         %d Pods while both Secrets were deleted three times, %d failed, %d bare%n",
                pods, failures.size(), bare);
        assertThat(failures).isEmpty();
        assertThat(bare).isZero();
    }

    @Test
    @Order(6)
    void anotherReplicaLeadsAfterTheLeaderIsKilledOrStopped() throws Exception {
        PillionProcess first = leader();
        PillionProcess second = replicas.getFirst() == first ? replicas.getLast() : replicas.getFirst();

        long start = System.nanoTime();
        first.kill();
        await("the other one leads").atMost(SOON).until(() -> leads(second));
        System.out.printf("         after a kill, another led after %.1f s%n", (System.nanoTime() - start) / 1e9);
        sandbox.kubectl(
                        "patch",
                        "validatingwebhookconfiguration",
                        NAME,
                        "--type=json",
                        "--patch=[{\"op\": \"remove\", \"path\": \"/webhooks/0/clientConfig/caBundle\"}]")
                .orFail();
        await("it looks after the bundle").atMost(SOON).until(() -> new HashSet<>(bundles()).size() == 1);

        first.start();
        assertThat(leads(first)).isFalse();
        start = System.nanoTime();
        second.stop();
        await("the first one leads again").atMost(Duration.ofSeconds(12)).until(() -> leads(first));
        System.out.printf("         after a stop, another led after %.1f s%n", (System.nanoTime() - start) / 1e9);
        second.start();
        await("Pods are injected").atMost(SOON).ignoreExceptions().until(this::injects);
    }

    /** Whether a Pod that is created now has its companion. Fails if the Pod is refused. */
    private boolean injects() {
        Pod pod = (Pod) client.resource(POD)
                .inNamespace(sandbox.namespace())
                .dryRun(true)
                .create();
        return Manifests.names(pod).contains("log-tailer");
    }

    /** The {@code caBundle} of each webhook of both configurations. */
    private List<String> bundles() {
        return List.of(
                        sandbox.kubectl("get", "mutatingwebhookconfiguration", NAME, BUNDLES),
                        sandbox.kubectl("get", "validatingwebhookconfiguration", NAME, BUNDLES))
                .stream()
                .flatMap(command -> command.orFail().lines())
                .toList();
    }

    private static final String BUNDLES =
            "--output=jsonpath={range .webhooks[*]}{.clientConfig.caBundle}{\"\\n\"}{end}";

    private Secret secret(String name) {
        return client.secrets().inNamespace(home.namespace()).withName(name).get();
    }

    private String strangersBundle() throws IOException {
        return Certificate.of(Environment.ADDRESS).caBundle();
    }

    private PillionProcess leader() throws Exception {
        await("one leads").atMost(SOON).until(() -> leads(replicas.getFirst()) || leads(replicas.getLast()));
        return leads(replicas.getFirst()) ? replicas.getFirst() : replicas.getLast();
    }

    private static boolean leads(PillionProcess replica) throws Exception {
        return value(replica.metrics(), "pillion_leader") == 1;
    }

    /** The sum of a metric over all replicas. */
    private double metric(String name) throws Exception {
        double sum = 0;
        for (PillionProcess replica : replicas) {
            sum += value(replica.metrics(), name);
        }
        return sum;
    }

    private static double value(String metrics, String name) {
        Matcher sample =
                Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$").matcher(metrics);
        assertThat(sample.find()).as("%s in%n%s", name, metrics).isTrue();
        return Double.parseDouble(sample.group(1));
    }

    /** The certificate that a replica presents. Fails if the bundle does not trust it. */
    private static X509Certificate handshake(PillionProcess replica, String bundle) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        int number = 0;
        for (var authority : CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(Base64.getDecoder().decode(bundle)))) {
            trusted.setCertificateEntry("authority-" + number++, authority);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(Environment.ADDRESS, replica.port())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }
}
