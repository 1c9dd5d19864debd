package dev.pillion.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pillion.cluster.watch.WatchedNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterTest {

    @TempDir
    private Path directory;

    @Test
    void usesTheCurrentContext() throws Exception {
        Path kubeconfig = kubeconfig("""
                clusters:
                  - {name: test, cluster: {server: "https://test.example.com:6443"}}
                  - {name: live, cluster: {server: "https://live.example.com"}}
                contexts:
                  - {name: mine, context: {cluster: test, user: me}}
                  - {name: ours, context: {cluster: live, user: me}}
                users: [{name: me, user: {token: secret}}]
                current-context: ours
                """);

        assertThat(Cluster.of(kubeconfig).url()).isEqualTo("https://live.example.com");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
            no kubeconfig                                         | : is not a kubeconfig, which is a map of clusters, users, contexts and current-context
            §§                                                    | : is not a kubeconfig, which is a map of clusters, users, contexts and current-context
            contexts: [{name: a}, {name: b}]                      | : has no current-context; contexts: a, b
            current-context: a                                    | : the current-context 'a' does not exist; contexts: none
            contexts: [{name: a}]; current-context: b             | : the current-context 'b' does not exist; contexts: a
            contexts: [{name: a, context: {cluster: c}}]; current-context: a | : the cluster 'c' of context 'a' does not exist; clusters: none
            contexts: [{name: a, context: {cluster: c}}]; current-context: a; clusters: [{name: c}] | : the cluster 'c' has no server
            """)
    void reportsWhyAKubeconfigSelectsNoCluster(String lines, String problem) throws Exception {
        Path kubeconfig = kubeconfig(lines.replace("; ", "\n"));

        assertThatThrownBy(() -> Cluster.of(kubeconfig))
                .isInstanceOf(InvalidClusterException.class)
                .hasMessage(kubeconfig + problem);
    }

    @Test
    void connectsToTheClusterOfAContext() throws Exception {
        Path kubeconfig = kubeconfig("""
                clusters: [{name: c, cluster: {server: "https://one"}}, {name: d, cluster: {server: "https://two"}}]
                contexts: [{name: a, context: {cluster: c}}, {name: b, context: {cluster: d}}]
                current-context: a
                """);

        assertThat(Cluster.of(kubeconfig, Optional.of("b")).url()).isEqualTo("https://two");
        assertThat(Cluster.of(kubeconfig).url()).isEqualTo("https://one");
        assertThatThrownBy(() -> Cluster.of(kubeconfig, Optional.of("z")))
                .hasMessage(kubeconfig + ": the context 'z' does not exist; contexts: a, b");
    }

    @Test
    void reportsTheLineAtWhichAKubeconfigIsNotYaml() throws Exception {
        Path kubeconfig = kubeconfig("clusters:\ncontexts: [\n");

        assertThatThrownBy(() -> Cluster.of(kubeconfig))
                .isInstanceOf(InvalidClusterException.class)
                .hasMessageStartingWith(kubeconfig + ":3: ");
    }

    @Test
    void reportsAnAuthenticationThatFabric8CannotUse() throws Exception {
        Path kubeconfig = kubeconfig("""
                clusters: [{name: c, cluster: {server: "https://localhost:1", insecure-skip-tls-verify: [1]}}]
                contexts: [{name: a, context: {cluster: c}}]
                current-context: a
                """);

        assertThatThrownBy(() -> Cluster.of(kubeconfig))
                .isInstanceOf(InvalidClusterException.class)
                .hasMessageStartingWith(kubeconfig + ": is not a kubeconfig: Cannot deserialize value of type");
    }

    @Test
    void reportsACertificateThatCannotBeRead() throws Exception {
        Cluster cluster = Cluster.of(kubeconfig("""
                clusters: [{name: c, cluster: {server: "https://localhost:1", certificate-authority: nowhere.crt}}]
                contexts: [{name: a, context: {cluster: c}}]
                current-context: a
                """));

        assertThatThrownBy(() -> new WatchedNamespaces(cluster, "pillion/test"))
                .isInstanceOf(InvalidClusterException.class)
                .hasMessage("the credentials for https://localhost:1 cannot be used: "
                        + directory.resolve("nowhere.crt") + ": no such file");
    }

    @Test
    void usesTheClusterOfAPodThatHasAServiceAccount() throws Exception {
        Files.writeString(directory.resolve("token"), "secret");

        assertThat(Cluster.around(
                        Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "KUBERNETES_SERVICE_PORT", "6443"), directory))
                .hasValueSatisfying(cluster -> assertThat(cluster.url()).isEqualTo("https://10.0.0.1:6443"));
        assertThat(Cluster.around(Map.of("KUBERNETES_SERVICE_HOST", "fd00::1"), directory))
                .hasValueSatisfying(cluster -> assertThat(cluster.url()).isEqualTo("https://[fd00::1]:443"));
    }

    @Test
    void hasTheNamespaceOfTheServiceAccountOrOfTheContext() throws Exception {
        Files.writeString(directory.resolve("token"), "secret");
        Map<String, String> environment = Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1");
        assertThat(Cluster.around(environment, directory).orElseThrow().namespace())
                .isEqualTo("default");

        Files.writeString(directory.resolve("namespace"), "shop\n");
        assertThat(Cluster.around(environment, directory).orElseThrow().namespace())
                .isEqualTo("shop");
        assertThat(Cluster.of(kubeconfig("""
                        clusters: [{name: c, cluster: {server: "https://one"}}]
                        contexts: [{name: a, context: {cluster: c, namespace: bank}}]
                        current-context: a
                        """)).namespace()).isEqualTo("bank");
    }

    @Test
    void isAbsentForAProcessWithoutAServiceAccountOrOutsideOfACluster() throws Exception {
        assertThat(Cluster.around(Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1"), directory))
                .isEmpty();

        Files.writeString(directory.resolve("token"), "secret");
        assertThat(Cluster.around(Map.of(), directory)).isEmpty();
    }

    @Test
    void sendsTheTokenThatIsMountedNow() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "first\n");
        MountedToken token = new MountedToken(file);

        assertThat(token.getToken()).isEqualTo("first");
        Files.writeString(file, "second");
        assertThat(token.getToken()).isEqualTo("second");
        Files.delete(file);
        assertThat(token.getToken()).isEqualTo("second");
    }

    private Path kubeconfig(String content) throws IOException {
        return Files.writeString(directory.resolve("kubeconfig"), content);
    }
}
