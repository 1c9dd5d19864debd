package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kustomize and Helm create the same objects from {@code deploy/}. */
class ManifestsTest {

    private static final List<String> COMPONENTS =
            List.of("autoscaler", "monitoring", "priority-class-quota", "client-certificates");
    private static final List<String> SAME_IN_HELM = List.of(
            "--set=autoscaler.enabled=true",
            "--set=monitoring.enabled=true",
            "--set=priorityClassQuota.enabled=true",
            "--set=clients.configMap=pillion-clients",
            "--set=clients.names={kube-apiserver}");

    private static Path deploy;

    @BeforeAll
    static void createCertificate() throws IOException {
        deploy = Installation.copyOfDeploy();
        Installation.addCertificate(deploy.resolve("overlays/own-certificate"));
    }

    @ParameterizedTest
    @CsvSource({"self-managed, selfManaged", "cert-manager, certManager", "own-certificate, existingSecret"})
    void theChartCreatesTheSameObjectsAsTheOverlay(String overlay, String mode) throws IOException {
        Path certificate = deploy.resolve("overlays/own-certificate/ca.crt");

        // Helm creates the namespace itself and gets no private key.
        Rendered byKustomize =
                kustomize(withComponents(overlay)).without("Namespace pillion", "Secret pillion-certificate");
        Rendered installsAndUpgradesWithHelm = helm(
                "--set=certificate.mode=" + mode,
                mode.equals("existingSecret") ? "--set-file=certificate.caBundle=" + certificate : "--set=replicas=2");

        assertThat(installsAndUpgradesWithHelm.objects().keySet())
                .isEqualTo(byKustomize.objects().keySet());
        assertThat(byKustomize.objects().keySet())
                .allSatisfy(object ->
                        assertThat(installsAndUpgradesWithHelm.text(object)).isEqualTo(byKustomize.text(object)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"autoscaler", "monitoring", "priority-class-quota"})
    void everyComponentChangesTheResult(String component) throws IOException {
        Path alone = deploy.resolve("overlays/with-" + component);
        write(alone, "../self-managed", List.of(component));

        assertThat(kustomize(alone).objects().keySet())
                .hasSizeGreaterThan(kustomize(deploy.resolve("overlays/self-managed"))
                        .objects()
                        .size());
    }

    @Test
    void theDeploymentHasNoReplicasFieldWithTheAutoscaler() throws IOException {
        assertThat(kustomize(withComponents("self-managed"))
                        .objects()
                        .get("Deployment pillion")
                        .at("/spec/replicas")
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void theChartPassesHelmLint() {
        assertThat(Command.run(List.of("helm", "lint", "--strict", chart())).orFail())
                .contains("0 chart(s) failed");
    }

    @ParameterizedTest
    @CsvSource({
        "--set=replica=3, replica",
        "--set=certificate.mode=self-managed, certificate",
        "--set=certificate.mode=existingSecret, caBundle",
        "--set=image.digest=latest, digest",
        "--set=webhooks.timeoutSeconds=31, timeoutSeconds",
        "--set=clients.groups={callers}, configMap"
    })
    void anInvalidValueIsNamed(String value, String named) {
        Command rendered = Command.run(List.of("helm", "template", "pillion", chart(), value));

        assertThat(rendered.exitCode()).isNotZero();
        assertThat(rendered.errors()).contains(named);
    }

    private static Path withComponents(String overlay) throws IOException {
        Path all = deploy.resolve("overlays/all-of-" + overlay);
        write(all, "../" + overlay, COMPONENTS);
        return all;
    }

    private static void write(Path overlay, String base, List<String> components) throws IOException {
        Files.createDirectories(overlay);
        Files.writeString(overlay.resolve("kustomization.yaml"), """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                resources: [%s]
                components: [%s]
                """.formatted(
                        base,
                        String.join(
                                ", ",
                                components.stream()
                                        .map(component -> "../../components/" + component)
                                        .toList())));
    }

    private static Rendered kustomize(Path overlay) {
        return Rendered.of(
                Command.run(List.of("kubectl", "kustomize", overlay.toString())).orFail());
    }

    private static Rendered helm(String... options) {
        List<String> line = new ArrayList<>(List.of(
                "helm", "template", "pillion", chart(), "--namespace=pillion", "--include-crds", "--skip-tests"));
        line.addAll(SAME_IN_HELM);
        line.addAll(List.of(options));
        return Rendered.of(Command.run(line).orFail());
    }

    private static String chart() {
        return Environment.ROOT.resolve("deploy/helm/pillion").toString();
    }
}
