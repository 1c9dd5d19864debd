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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Pillion as a cluster gets it: installed from nothing, called through its Service, replaced while Pods are created, and taken away. Alone,
 * since it is then called for every namespace.
 */
@Isolated
@ExtendWith(Stage.class)
class InstallTest {

    @BeforeEach
    void theImageIsThere() {
        assumeTrue(Environment.OWN_CLUSTER, "the image is only in the cluster that e2e/run makes");
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void withCertificatesThatItLooksAfterItself(KubernetesClient client) throws Exception {
        installsInjectsRestartsAndGoes(
                client, new Installer.Kustomize(Environment.ROOT.resolve("deploy/overlays/self-managed")));
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void withACertificateOfOnesOwn(KubernetesClient client) throws Exception {
        installsInjectsRestartsAndGoes(client, new Installer.Kustomize(withOwnCertificate()));
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void withACertificateOfCertManagers(KubernetesClient client) throws Exception {
        assumeTrue(CertManager.WANTED, "cert-manager is run when PILLION_E2E_WITH_CERT_MANAGER is set");
        try (CertManager certManager = CertManager.start()) {
            Path overlay = Environment.ROOT.resolve("deploy/overlays/cert-manager");
            installsInjectsChangesAndGoes(client, new Installer.Kustomize(overlay), installation -> {
                theApiServerTrustsTheAuthorityOfTheSecret(client);
                installation.restart();
            });
        }
    }

    private static void theApiServerTrustsTheAuthorityOfTheSecret(KubernetesClient client) {
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
     * An upgrade that replaces the replicas and changes the webhooks, whose {@code caBundle} is none of Helm's business. From then on Pillion
     * authenticates its callers, so a stream of Pods also shows that the API server is one that it accepts.
     */
    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void byHelm(KubernetesClient client) throws Exception {
        Installer.Helm changed = new Installer.Helm(
                "--set=env[0].name=QUARKUS_LOG_LEVEL,env[0].value=DEBUG",
                "--set=webhooks.timeoutSeconds=7",
                "--set=clients.configMap=pillion-clients",
                "--set=clients.names={kube-apiserver}");
        installsInjectsChangesAndGoes(client, new Installer.Helm(), installation -> {
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
            aStrangerIsRefused(client);
        });
    }

    private static void aStrangerIsRefused(KubernetesClient client) {
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
                .contains("it showed no client certificate");
    }

    private static Path withOwnCertificate() throws Exception {
        Path overlay = Installation.copyOfDeploy().resolve("overlays/own-certificate");
        Installation.giveCertificate(overlay);
        return overlay;
    }

    private static void installsInjectsRestartsAndGoes(KubernetesClient client, Installer installer) throws Exception {
        installsInjectsChangesAndGoes(client, installer, Installation::restart);
    }

    /** @param change what replaces both replicas */
    private static void installsInjectsChangesAndGoes(
            KubernetesClient client, Installer installer, Consumer<Installation> change) throws Exception {
        long start = System.nanoTime();
        try (Installation installation = Installation.by(installer, client);
                Sandbox sandbox = Sandbox.open(client, Map.of("pillion.dev/enforcement", "strict"))) {
            bothReplicasAreAvailable(client);
            aPodThatAsksIsInjectedAndRuns(sandbox);
            System.out.printf(
                    "         from nothing to an injected Pod that is ready: %.1f s%n",
                    Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0);
            noPodIsBareWhileBothReplicasAreReplaced(installation, sandbox, change);

            noPodIsStoppedWhileItGoes(installation, sandbox);
            nothingIsLeftThatStopsAPod(client, sandbox);
        }
    }

    private static void bothReplicasAreAvailable(KubernetesClient client) {
        Deployment deployment = client.apps()
                .deployments()
                .inNamespace("pillion")
                .withName("pillion")
                .get();
        assertThat(deployment.getStatus().getAvailableReplicas()).isEqualTo(2);
    }

    private static void aPodThatAsksIsInjectedAndRuns(Sandbox sandbox) {
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

    private static void noPodIsBareWhileBothReplicasAreReplaced(
            Installation installation, Sandbox sandbox, Consumer<Installation> change) throws Exception {
        List<String> before = replicas(sandbox.client());
        PodStream stream = PodStream.into(sandbox);
        try (stream) {
            await("a stream of Pods").until(() -> stream.created() > 20);
            change.accept(installation);
            // The old replicas have gone from the Service, and serve on for a while.
            await("the old replicas have ended")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> Collections.disjoint(replicas(sandbox.client()), before));
        }
        System.out.printf(
                "         %d Pods created while both replicas were replaced: %d failed, %d bare%n",
                stream.created(), stream.failures().size(), stream.bare().size());
        assertThat(stream.failures()).isEmpty();
        assertThat(stream.bare()).isEmpty();
    }

    /** Bare they may be. */
    private static void noPodIsStoppedWhileItGoes(Installation installation, Sandbox strict) throws Exception {
        PodStream stream = PodStream.into(strict);
        try (stream) {
            installation.uninstall();
        }
        System.out.printf(
                "         %d Pods created while it was taken away: %d failed%n",
                stream.created(), stream.failures().size());
        assertThat(stream.failures()).isEmpty();
    }

    private static List<String> replicas(KubernetesClient client) {
        return client.pods().inNamespace("pillion").list().getItems().stream()
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    private static void nothingIsLeftThatStopsAPod(KubernetesClient client, Sandbox strict) {
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
