package dev.pillion.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.Run;
import dev.pillion.cluster.StubApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pillion audit} of a cluster: the responses of its API server go in. */
class ClusterAuditTest {

    private static final String WEBHOOK = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/pillion";

    @TempDir
    private Path directory;

    private final StubApiServer server = new StubApiServer();

    @BeforeEach
    void fillCluster() {
        server.on("/version", "{\"gitVersion\": \"v1.36.0\"}")
                .on("/api/v1/namespaces?limit=500", """
                        {"items": [
                          {"metadata": {"name": "bank", "labels": {"kubernetes.io/metadata.name": "bank"}}},
                          {"metadata": {"name": "storage", "labels": {"kubernetes.io/metadata.name": "storage"}}}]}
                        """)
                .on("/apis/pillion.dev/v1alpha1/injectionpolicies?limit=500", """
                        {"items": [
                          {"apiVersion": "pillion.dev/v1alpha1", "kind": "InjectionPolicy",
                           "metadata": {"name": "must-log", "generation": 1},
                           "spec": {"mode": "Enforce", "match": {}, "profiles": [{"name": "logging"}]}}]}
                        """)
                .on("/api/v1/pods?limit=500", """
                        {"items": [
                          {"metadata": {"name": "ledger", "namespace": "bank", "creationTimestamp": "2020-01-01T00:00:00Z"},
                           "spec": {"containers": [{"name": "ledger", "image": "ledger"}]}, "status": {"phase": "Running"}},
                          {"metadata": {"name": "disk", "namespace": "storage", "creationTimestamp": "2020-01-01T00:00:00Z"},
                           "spec": {"containers": [{"name": "disk", "image": "disk"}]}, "status": {"phase": "Running"}}]}
                        """)
                .on(WEBHOOK, """
                        {"webhooks": [
                          {"name": "mutate.pillion.dev", "namespaceSelector": {"matchExpressions": [
                            {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system", "storage"]}]}}]}
                        """);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Run audit(String... options) throws IOException {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "audit";
        arguments[1] = "--kubeconfig";
        arguments[2] = server.kubeconfig(directory).toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        return Run.of(arguments);
    }

    @Test
    void skipsNamespacesThatTheWebhookExcludes() throws IOException {
        Run run = audit();

        assertThat(run.out())
                .contains("Pod/ledger")
                .doesNotContain("disk")
                .endsWith("1 Pod: 1 with findings (1 with missing companions)\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void saysWhichNamespacesItSkipsIfTheWebhookCannotBeRead() throws IOException {
        server.on(WEBHOOK, 403, "{}");

        Run run = audit();

        assertThat(run.err())
                .contains("the excluded namespaces are unknown, so only kube-node-lease and kube-system are excluded");
        assertThat(run.out()).contains("Pod/disk").endsWith("2 Pods: 2 with findings (2 with missing companions)\n");
    }

    @Test
    void aPolicyOfAFileReplacesThePolicyOfTheSameNameInTheCluster() throws IOException {
        Path files = Files.createDirectory(directory.resolve("platform"));
        Files.writeString(files.resolve("policy.yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: must-log}
                spec: {mode: Audit, match: {}, profiles: [{name: logging}]}
                """);

        Run run = audit("--profiles", files.toString());

        assertThat(run.out())
                .contains("logging (audited)")
                .endsWith("1 Pod: no findings; policies in Audit mode would add companions\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void showsTheAgeOfTheOldestPod() throws IOException {
        assertThat(audit().out()).containsPattern("Pod/ledger +1 +\\dy\\d+d +logging \\(missing\\)");
    }

    @Test
    void podsThatAPolicyInAuditModeWouldDenyAreCounted() throws IOException {
        server.on("/api/v1/namespaces?limit=500", """
                {"items": [
                  {"metadata": {"name": "bank", "labels": {"kubernetes.io/metadata.name": "bank", "pillion.dev/enforcement": "strict"}}}]}
                """);
        server.on("/apis/pillion.dev/v1alpha1/injectionpolicies?limit=500", """
                {"items": [
                  {"apiVersion": "pillion.dev/v1alpha1", "kind": "InjectionPolicy", "metadata": {"name": "try", "generation": 1},
                   "spec": {"mode": "Audit", "match": {}, "profiles": [{"name": "proxy"}]}}]}
                """);

        Run run = audit();

        assertThat(run.out())
                .contains("proxy (audited-denial)", "would be denied")
                .endsWith("1 Pod: 1 with findings (1 would be denied by policies in Audit mode)\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void profilesThatDoNotCompileAreListedBeforeThePodsAndCounted() throws IOException {
        server.on("/apis/pillion.dev/v1alpha1/injectionprofiles?limit=500", """
                {"items": [
                  {"apiVersion": "pillion.dev/v1alpha1", "kind": "InjectionProfile",
                   "metadata": {"name": "agent", "generation": 1}, "spec": {"description": "Agent.", "sidecarz": []}}]}
                """);

        Run run = audit();

        assertThat(run.out())
                .startsWith("DOES NOT COMPILE")
                .contains("injectionprofile/agent  nothing   spec.sidecarz: unknown field 'sidecarz'")
                .endsWith("1 Pod: 1 with findings (1 with missing companions); 1 profile or policy does not compile\n");
    }

    @Test
    void namesTheContextsIfTheGivenOneDoesNotExist() throws IOException {
        Run run = audit("--context", "prod");

        assertThat(run.err()).contains("the context 'prod' does not exist; contexts: fake");
        assertThat(run.code()).isEqualTo(2);
    }
}
