package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The API server accepts the output of {@code pillion export}, and injects the same as Pillion. */
@ExtendWith(Stage.class)
class ExportTest {

    private static final String POLICY = """
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionPolicy
            metadata: {name: e2e-exported}
            spec:
              mode: Enforce
              match:
                namespaceSelector: {matchLabels: {e2e.pillion.dev/exported: here}}
                matchConditions:
                  - name: not-batch
                    expression: pod.metadata.?labels[?'workload'].orValue('') != 'batch' && has(namespace.metadata.labels)
              profiles:
                - {name: logging, parameters: {path: /var/log/payments, user: 65534}}
                - {name: env, parameters: {variables: "GREETING=hello, QUOTED=it's \\"so\\""}}
                - {name: proxy, parameters: {port: 8080, protocol: http}}
            """;

    private static final String APP = """
            apiVersion: v1
            kind: Pod
            metadata: {name: app, labels: {workload: web}}
            spec:
              terminationGracePeriodSeconds: 1
              initContainers: [{name: own, image: "busybox:1.37", command: ["true"]}]
              containers:
                - name: app
                  image: busybox:1.37
                  command: [sh, -c, "while true; do echo paid >> /var/log/payments/app.log; sleep 1; done"]
                  env: [{name: GREETING, value: "own"}]
                - {name: second, image: "busybox:1.37", command: [sleep, "3600"]}
            """;

    @TempDir
    private Path directory;

    @Test
    void anExportedPolicyInjectsTheSameAsPillion(KubernetesClient client) throws Exception {
        assumeTrue(
                client.getApiResources("admissionregistration.k8s.io/v1").getResources().stream()
                        .anyMatch(resource -> resource.getKind().equals("MutatingAdmissionPolicy")),
                "the API server has MutatingAdmissionPolicy v1");
        Files.writeString(Files.createDirectory(catalog()).resolve("policy.yaml"), POLICY);
        String exported = pillion("", "export", "--to=mutating-admission-policy", "e2e-exported");
        try (Sandbox sandbox = Sandbox.open(client, Map.of("e2e.pillion.dev/exported", "here"))) {
            Command.run(List.of("kubectl", "apply", "--filename=-"), exported).orFail();
            await("the API server applies the policies")
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> sandbox.kubectl(
                                    "run", "probe", "--image=busybox:1.37", "--dry-run=server", "--output=yaml")
                            .output()
                            .contains("envoy"));

            sandbox.create(APP);
            Pod pod = sandbox.awaitReady("app");

            assertThat(Manifests.names(pod)).containsExactly("proxy", "own", "log-tailer", "app", "second");
            sandbox.awaitLog("app", "log-tailer", "paid");
            assertThat(sandbox.variable("app", "app", "GREETING")).isEqualTo("own");
            assertThat(sandbox.variable("app", "second", "GREETING")).isEqualTo("hello");
            assertThat(sandbox.variable("app", "second", "QUOTED")).isEqualTo("it's \"so\"");
            assertInjectedAsByPillion(pod, sandbox.namespace());

            sandbox.create(APP.replace("name: app, labels: {workload: web}", "name: batch, labels: {workload: batch}"));
            assertThat(Manifests.names(sandbox.pod("batch"))).containsExactly("own", "app", "second");
        } finally {
            Command.run(List.of("kubectl", "delete", "--filename=-"), exported);
        }
    }

    private void assertInjectedAsByPillion(Pod pod, String namespace) throws Exception {
        Path labelled = directory.resolve("namespace.yaml");
        Files.writeString(
                labelled,
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: %s, labels: {e2e.pillion.dev/exported: here}}\n"
                        .formatted(namespace));
        Pod expected =
                Serialization.unmarshal(pillion(APP, "inject", "--filename=-", "--namespace=" + labelled), Pod.class);
        Manifests.containers(expected).forEach(container -> {
            Container actual = Manifests.container(pod, container.getName());
            assertThat(actual.getCommand()).isEqualTo(container.getCommand());
            assertThat(actual.getArgs()).isEqualTo(container.getArgs());
            assertThat(actual.getImage()).isEqualTo(container.getImage());
            // The API server adds empty ones to containers that have none.
            if (container.getResources() != null) {
                assertThat(actual.getResources()).isEqualTo(container.getResources());
            }
            assertThat(actual.getSecurityContext()).isEqualTo(container.getSecurityContext());
            assertThat(actual.getRestartPolicy()).isEqualTo(container.getRestartPolicy());
            assertThat(actual.getEnv().stream().map(EnvVar::getName))
                    .containsExactlyElementsOf(
                            container.getEnv().stream().map(EnvVar::getName).toList());
            assertThat(actual.getVolumeMounts().stream()
                            .filter(mount -> !mount.getMountPath().startsWith("/var/run/secrets/"))
                            .map(VolumeMount::getMountPath))
                    .containsExactlyElementsOf(container.getVolumeMounts().stream()
                            .map(VolumeMount::getMountPath)
                            .toList());
        });
        assertThat(pod.getMetadata().getAnnotations())
                .containsAllEntriesOf(expected.getMetadata().getAnnotations().entrySet().stream()
                        .filter(annotation -> !annotation.getKey().equals("pillion.dev/status"))
                        .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private String pillion(String input, String... arguments) {
        List<String> line = new java.util.ArrayList<>(
                List.of(Environment.ROOT.resolve("pillion").toString()));
        line.addAll(List.of(arguments));
        line.add("--profiles=" + catalog());
        return Command.run(line, input).orFail();
    }

    private Path catalog() {
        return directory.resolve("catalog");
    }
}
