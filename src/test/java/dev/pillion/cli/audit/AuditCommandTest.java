package dev.pillion.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTest {

    private static final String NAMESPACES = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: bank, labels: {team: payments}}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {team: shop}}
            """;

    private static final String REPLICA = """
            ---
            apiVersion: v1
            kind: Pod
            metadata:
              name: ledger-5f7-%s
              namespace: bank
              labels: {pod-template-hash: 5f7}
              ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: ledger-5f7, uid: "1", controller: true}]
            spec: {containers: [{name: ledger, image: ledger}]}
            status: {phase: %s}
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void writePolicies() throws IOException {
        Files.writeString(directory.resolve("policies.yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: must-log}
                spec:
                  mode: Enforce
                  match: {namespaceSelector: {matchLabels: {team: payments}}}
                  profiles: [{name: logging}]
                ---
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: watch-proxy}
                spec:
                  mode: Audit
                  match: {namespaceSelector: {matchLabels: {team: shop}}}
                  profiles: [{name: proxy, parameters: {port: 8080}}]
                """);
    }

    @Test
    void podsOfAWorkloadShareALine() {
        Run run = audit(NAMESPACES + REPLICA.formatted("a", "Running") + REPLICA.formatted("b", "Pending"));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out().lines().toList().get(1))
                .matches(
                        "bank +Deployment/ledger +2 +- +logging \\(missing\\) +policy must-log +.*sidecar log-tailer.*");
        assertThat(run.out()).endsWith("2 Pods: 2 with findings (2 with missing companions)\n");
    }

    @Test
    void completedPodsAreIgnored() {
        Run run = audit(NAMESPACES + REPLICA.formatted("a", "Succeeded") + REPLICA.formatted("b", "Failed"));

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("0 Pods: no findings\n");
    }

    @Test
    void anInjectedPodLacksNothing() {
        String injected = Run.withInput(
                        NAMESPACES + REPLICA.formatted("a", "Running"),
                        "inject",
                        "--profiles",
                        directory.toString(),
                        "-f",
                        "-")
                .out();

        Run run = audit(injected);

        assertThat(run.out()).isEqualTo("1 Pod: no findings\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void aPodThatWasInjectedWithOtherValuesIsReported() {
        String injected = Run.withInput(
                        NAMESPACES + REPLICA.formatted("a", "Running"),
                        "inject",
                        "--profiles",
                        directory.toString(),
                        "--set",
                        "logging.files=*.txt",
                        "-f",
                        "-")
                .out();
        assertThat(injected).contains("logging.pillion.dev/files: \"*.txt\"");

        Run run =
                audit(injected.replace("logging.pillion.dev/files: \"*.txt\"", "logging.pillion.dev/files: \"*.out\""));

        assertThat(run.out())
                .contains(
                        "logging (outdated)",
                        "it was injected with other values or for other containers; differences: args of container log-tailer")
                .endsWith("1 Pod: 1 with findings (1 with outdated companions)\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void aPolicyInAuditModeIsReportedAndDoesNotFail() {
        Run run = audit(NAMESPACES + """
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: till, namespace: shop}
                spec: {containers: [{name: till, image: till}]}
                """);

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("proxy (audited)")
                .contains("policy watch-proxy")
                .endsWith("1 Pod: no findings; policies in Audit mode would add companions\n");
    }

    @Test
    void jsonHasAnObjectForEachPod() throws Exception {
        Run run = Run.withInput(
                NAMESPACES + REPLICA.formatted("a", "Running") + """
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: mistyped, namespace: shop, annotations: {pillion.dev/inject: lgging}}
                spec: {containers: [{name: till, image: till}]}
                """,
                "audit",
                "--profiles",
                directory.toString(),
                "-o",
                "json",
                "-f",
                "-");

        List<JsonNode> found = run.documents().getFirst().valueStream().toList();
        assertThat(found)
                .extracting(each ->
                        each.path("pod").asText() + " " + each.path("kind").asText())
                .contains("ledger-5f7-a missing", "mistyped denied");
        assertThat(found.get(1).path("detail").asText()).contains("did you mean 'logging'?");
    }

    private Run audit(String manifests) {
        return Run.withInput(manifests, "audit", "--profiles", directory.toString(), "-f", "-");
    }
}
