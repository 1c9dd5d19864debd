package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Installs Pillion in the cluster, calls it through its Service, replaces it while Pods are created, and uninstalls it. Runs alone, because
 * the API server then calls this installation for every namespace.
 */
@Isolated
@ExtendWith(Stage.class)
class InstallTest {

    private static final String WEBHOOK = "mutate.pillion.dev";

    /** Almost three full nodes. */
    private static final int PODS = 300;

    private static final int CREATORS = 25;
    private static final int WARM_UP = 200;
    private static final Pattern ANSWERED =
            Pattern.compile("(?m)^pillion_reviews_total\\{.*webhook=\"mutate\".*} (\\S+)$");
    private static final Pattern REFUSED = Pattern.compile("(?m)^pillion_requests_shed_total\\{.*} (\\S+)$");

    @BeforeEach
    void requireTheImage() {
        assumeTrue(Environment.OWN_CLUSTER, "the image is only in the cluster that e2e/run makes");
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void installsWithSelfManagedCertificates(KubernetesClient client) throws Exception {
        installRestartAndUninstall(
                client, new Installer.Kustomize(Environment.ROOT.resolve("deploy/overlays/self-managed")));
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void installsWithYourOwnCertificate(KubernetesClient client) throws Exception {
        installRestartAndUninstall(client, new Installer.Kustomize(withOwnCertificate()));
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void installsWithCertManager(KubernetesClient client) throws Exception {
        assumeTrue(CertManager.WANTED, "cert-manager is run when PILLION_E2E_WITH_CERT_MANAGER is set");
        try (CertManager certManager = CertManager.start()) {
            Path overlay = Environment.ROOT.resolve("deploy/overlays/cert-manager");
            installChangeAndUninstall(client, new Installer.Kustomize(overlay), installation -> {
                assertThatTheApiServerTrustsTheAuthorityOfTheSecret(client);
                installation.restart();
            });
        }
    }

    private static void assertThatTheApiServerTrustsTheAuthorityOfTheSecret(KubernetesClient client) {
        Secret secret = client.secrets()
                .inNamespace("pillion")
                .withName("pillion-certificate")
                .get();
        var registration = client.admissionRegistration().v1();
        var mutating = registration
                .mutatingWebhookConfigurations()
                .withName("pillion")
                .get()
                .getWebhooks();
        var validating = registration
                .validatingWebhookConfigurations()
                .withName("pillion")
                .get()
                .getWebhooks();
        assertThat(Stream.concat(
                        mutating.stream().map(MutatingWebhook::getClientConfig),
                        validating.stream().map(ValidatingWebhook::getClientConfig)))
                .hasSize(4)
                .allSatisfy(config -> assertThat(config.getCaBundle())
                        .isEqualTo(secret.getData().get("ca.crt")));
    }

    /**
     * The upgrade replaces the replicas and changes the webhooks, but not their {@code caBundle}. Afterwards Pillion authenticates its callers,
     * so the stream of Pods also shows that it accepts the API server.
     */
    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void installsAndUpgradesWithHelm(KubernetesClient client) throws Exception {
        Installer.Helm changed = new Installer.Helm(
                "--set=env[0].name=QUARKUS_LOG_LEVEL,env[0].value=DEBUG",
                "--set=webhooks.timeoutSeconds=7",
                "--set=clients.configMap=pillion-clients",
                "--set=clients.names={kube-apiserver}");
        installChangeAndUninstall(client, new Installer.Helm(), installation -> {
            Command.run(List.of(
                            "kubectl",
                            "--namespace=pillion",
                            "create",
                            "configmap",
                            "pillion-clients",
                            "--from-file=ca.crt=" + Environment.admission("clients-ca.crt")))
                    .orFail();
            changed.upgrade();
            installation.awaitRollout();
            changed.test();
            assertThatAnUnknownCallerIsRefused(client);
            Doctor.awaitHealthy();
        });
    }

    private static void assertThatAnUnknownCallerIsRefused(KubernetesClient client) {
        String address = client.services()
                .inNamespace("pillion")
                .withName("pillion")
                .get()
                .getSpec()
                .getClusterIP();
        assertThat(Command.run(List.of(
                                "curl", "--silent", "--insecure", "--data", "{}", "https://" + address + "/mutate"))
                        .orFail())
                .startsWith("Pillion accepts reviews only from API servers that authenticate")
                .contains("it presented no client certificate");
    }

    private static Path withOwnCertificate() throws Exception {
        Path overlay = Installation.copyOfDeploy().resolve("overlays/own-certificate");
        Installation.addCertificate(overlay);
        return overlay;
    }

    private static void installRestartAndUninstall(KubernetesClient client, Installer installer) throws Exception {
        installChangeAndUninstall(client, installer, Installation::restart);
    }

    /** @param change replaces both replicas */
    private static void installChangeAndUninstall(
            KubernetesClient client, Installer installer, Consumer<Installation> change) throws Exception {
        long start = System.nanoTime();
        try (Installation installation = Installation.by(installer, client);
                Sandbox sandbox = Sandbox.open(client, Map.of("pillion.dev/enforcement", "strict"))) {
            assertThatBothReplicasAreAvailable(client);
            assertThatARequestingPodIsInjectedAndRuns(sandbox);
            System.out.printf(
                    "         from nothing to an injected Pod that is ready: %.1f s%n",
                    Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0);
            Doctor.awaitHealthy();
            assertThatBothReplicasAnswerABurst(sandbox);
            assertThatEveryPodIsInjectedWhileBothReplicasAreReplaced(installation, sandbox, change);

            assertThatNoPodIsRefusedDuringUninstallation(installation, sandbox);
            assertThatNothingRefusesPodsAfterwards(client, sandbox);
        }
    }

    private static void assertThatBothReplicasAreAvailable(KubernetesClient client) {
        Deployment deployment = client.apps()
                .deployments()
                .inNamespace("pillion")
                .withName("pillion")
                .get();
        assertThat(deployment.getStatus().getAvailableReplicas()).isEqualTo(2);
    }

    private static void assertThatARequestingPodIsInjectedAndRuns(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: app, annotations: {pillion.dev/inject: logging}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
                """);
        assertThat(Manifests.names(sandbox.awaitReady("app"))).contains("log-tailer");
    }

    /**
     * No Pod is lost. Times and refusals, which the API server retries, are printed and not checked: the machine also runs the API server, etcd and
     * this test.
     */
    private static void assertThatBothReplicasAnswerABurst(Sandbox sandbox) throws Exception {
        Burst.of(WARM_UP, CREATORS, sandbox);
        WebhookLatency before = WebhookLatency.of(sandbox, WEBHOOK);
        List<Double> answeredBefore = ofEachReplica(sandbox, ANSWERED);
        List<Double> refusedBefore = ofEachReplica(sandbox, REFUSED);

        Burst burst = Burst.of(PODS, CREATORS, sandbox);

        WebhookLatency latency = WebhookLatency.of(sandbox, WEBHOOK).since(before);
        List<Double> answered = ofEachReplica(sandbox, ANSWERED);
        double first = answered.getFirst() - answeredBefore.getFirst();
        double second = answered.getLast() - answeredBefore.getLast();
        double refused = sum(ofEachReplica(sandbox, REFUSED)) - sum(refusedBefore);
        System.out.printf(
                "         a burst of %d Pods in %.1f s; the API server measured %s; %.0f refused; %.0f %% went to one replica%n",
                PODS, burst.seconds(), latency, refused, 100 * Math.max(first, second) / (first + second));
        assertThat(burst.pods()).allSatisfy(pod -> assertThat(Manifests.names(pod))
                .containsExactlyInAnyOrderElementsOf(Burst.CONTAINERS));
        assertThat(latency.failures()).isZero();
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** The sum of a metric in each replica. */
    private static List<Double> ofEachReplica(Sandbox sandbox, Pattern metric) {
        return replicas(sandbox.client()).stream()
                .sorted()
                .map(pod -> metric.matcher(sandbox.kubectl(
                                        "get", "--raw=/api/v1/namespaces/pillion/pods/" + pod + ":9000/proxy/metrics")
                                .orFail())
                        .results()
                        .mapToDouble(sample -> Double.parseDouble(sample.group(1)))
                        .sum())
                .toList();
    }

    private static void assertThatEveryPodIsInjectedWhileBothReplicasAreReplaced(
            Installation installation, Sandbox sandbox, Consumer<Installation> change) throws Exception {
        List<String> before = replicas(sandbox.client());
        PodStream stream = PodStream.into(sandbox);
        try (stream) {
            await("a stream of Pods").until(() -> stream.created() > 20);
            change.accept(installation);
            // The old replicas are no longer in the Service, but still answer for a while.
            await("the old replicas have ended")
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> Collections.disjoint(replicas(sandbox.client()), before));
        }
        System.out.printf(
                "         %d Pods created while both replicas were replaced: %d failed, %d bare%n",
                stream.created(), stream.failures().size(), stream.bare().size());
        assertThat(stream.failures()).isEmpty();
        assertThat(stream.bare()).isEmpty();
    }

    /** The Pods may lack companions. */
    private static void assertThatNoPodIsRefusedDuringUninstallation(Installation installation, Sandbox strict)
            throws Exception {
        PodStream stream = PodStream.into(strict);
        try (stream) {
            installation.uninstall();
        }
        System.out.printf(
                "         %d Pods created during the uninstallation: %d failed%n",
                stream.created(), stream.failures().size());
        assertThat(stream.failures()).isEmpty();
    }

    private static List<String> replicas(KubernetesClient client) {
        return client.pods().inNamespace("pillion").list().getItems().stream()
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    private static void assertThatNothingRefusesPodsAfterwards(KubernetesClient client, Sandbox strict) {
        assertThat(client.admissionRegistration()
                        .v1()
                        .validatingWebhookConfigurations()
                        .withName("pillion")
                        .get())
                .isNull();
        assertThat(strict.kubectl("run", "afterwards", "--image=busybox:1.37").orFail())
                .contains("created");
        assertThat(Manifests.names(strict.pod("afterwards"))).containsExactly("afterwards");
    }
}
