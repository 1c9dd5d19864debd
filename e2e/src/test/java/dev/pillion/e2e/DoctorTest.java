package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * {@code pillion doctor} finds each breakage of an installation, and nothing before and after it. The installation has its own certificate, because
 * Pillion repairs one that it manages. Runs alone, because the API server then calls this installation for every namespace.
 */
@Isolated
@Execution(ExecutionMode.SAME_THREAD)
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DoctorTest {

    private KubernetesClient client;
    private Installer.Kustomize installer;
    private Installation installation;

    @BeforeAll
    void install() throws Exception {
        assumeTrue(Environment.OWN_CLUSTER, "the image is only in the cluster that e2e/run makes");
        Path overlay = Installation.copyOfDeploy().resolve("overlays/own-certificate");
        Installation.addCertificate(overlay);
        client = Environment.client();
        assertThat(Doctor.run("--pre", "--image=registry.example.com/pillion:1").findings())
                .isEmpty();
        installer = new Installer.Kustomize(overlay);
        installation = Installation.by(installer, client);
        Doctor.awaitHealthy();
    }

    @AfterAll
    void uninstall() {
        if (installation != null) {
            installation.close();
        }
        if (client != null) {
            client.close();
        }
    }

    @Test
    void findsAWipedCaBundle() {
        patch("mutatingwebhookconfiguration", """
                [{"op": "remove", "path": "/webhooks/0/clientConfig/caBundle"}]""");

        Doctor.awaitFinding("ca-bundle", "failed");

        installer.install();
        Doctor.awaitHealthy();
    }

    @Test
    void findsAWrongPortOfTheService() {
        patch("service", """
                [{"op": "replace", "path": "/spec/ports/0/targetPort", "value": 9999}]""");

        Doctor.awaitFinding("service", "failed");

        installer.install();
        Doctor.awaitHealthy();
    }

    @Test
    void findsAnExpiredCertificate() throws Exception {
        Path expired = Environment.temporaryDirectory("expired").resolve("tls.crt");
        Path overlay = installer.overlay();
        Command.run(List.of(
                        "openssl",
                        "x509",
                        "-in",
                        overlay.resolve("tls.crt").toString(),
                        "-signkey",
                        overlay.resolve("tls.key").toString(),
                        "-days",
                        "0",
                        "-out",
                        expired.toString()))
                .orFail();
        patch("secret", "pillion-certificate", """
                [{"op": "replace", "path": "/data/tls.crt", "value": "%s"}]""".formatted(
                        Base64.getEncoder().encodeToString(Files.readAllBytes(expired))));

        Doctor.awaitFinding("certificate", "failed");

        installer.install();
        refreshMountedFiles();
        Doctor.awaitHealthy();
    }

    /** A change of a Pod makes the kubelet write the files of its volumes again at once. */
    private static void refreshMountedFiles() {
        kubectl("annotate", "pods", "--all", "--overwrite", "e2e.pillion.dev/refresh=" + System.nanoTime());
    }

    @Test
    void findsMissingRights() {
        kubectl("delete", "clusterrolebinding", "pillion");

        Doctor.awaitFinding("rbac", "failed");

        installer.install();
        Doctor.awaitHealthy();
    }

    @Test
    void findsAServiceWithoutEndpoints() {
        kubectl("scale", "deployment/pillion", "--replicas=0");

        Doctor.awaitFinding("endpoints", "failed");

        kubectl("scale", "deployment/pillion", "--replicas=2");
        installation.awaitRollout();
        Doctor.awaitHealthy();
    }

    @Test
    void findsAWebhookThatRunsAfterPillion() {
        try (WebhookConfiguration later = WebhookConfiguration.register(
                client,
                "z-other",
                "kubernetes.io/metadata.name=default",
                "Ignore",
                "https://" + Environment.ADDRESS + ":1/mutate",
                "")) {
            Doctor.awaitFinding("other-webhooks", "warning");
        }
        Doctor.awaitHealthy();
    }

    @Test
    void findsOutdatedCustomResourceDefinitions() {
        patch("customresourcedefinition", "injectionpolicies.pillion.dev", """
                [{"op": "remove", "path": "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/percentage"}]""");

        Doctor.awaitFinding("crds", "failed");

        installer.install();
        Doctor.awaitHealthy();
    }

    @Test
    void findsANetworkPolicyThatBlocksReviews() {
        patch("networkpolicy", """
                [{"op": "replace", "path": "/spec/ingress/0/ports/0/port", "value": 9999}]""");

        Doctor.awaitFinding("network-policies", "failed");

        installer.install();
        Doctor.awaitHealthy();
    }

    private static void patch(String type, String operations) {
        patch(type, "pillion", operations);
    }

    private static void patch(String type, String name, String operations) {
        kubectl("patch", type, name, "--type=json", "--patch=" + operations);
    }

    private static void kubectl(String... arguments) {
        Command.run(Stream.concat(Stream.of("kubectl", "--namespace=pillion"), Stream.of(arguments))
                        .toList())
                .orFail();
    }
}
