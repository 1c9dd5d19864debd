package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** {@code pillion explain} of live workloads. It reads the profiles and policies of the cluster, which another test class changes. */
@ExtendWith(Stage.class)
@ResourceLock(value = "custom resource definitions", mode = ResourceAccessMode.READ)
class ExplainTest {

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: app, annotations: {pillion.dev/inject: logging}}
            spec:
              terminationGracePeriodSeconds: 1
              containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
            """;

    @Test
    void showsThatAPodIsUpToDate(Sandbox sandbox) {
        sandbox.create(POD);

        assertThat(explain(sandbox, "pod/app").orFail())
                .contains("Pod/app in the cluster: unchanged (already-injected)")
                .contains("logging (generation ")
                .contains("up to date");
    }

    @Test
    void namesTheFieldThatAnotherWebhookStripped(Sandbox sandbox) throws Exception {
        String label = "e2e.pillion.dev/strips";
        sandbox.label(label + "=true");
        try (OtherWebhook other = OtherWebhook.stripping("log-tailer", "resources");
                WebhookConfiguration configuration = WebhookConfiguration.register(
                        sandbox.client(),
                        "z-strips",
                        label + "=true",
                        "Fail",
                        other.url(),
                        other.certificate().caBundle())) {
            await("the other webhook is called").atMost(Duration.ofMinutes(1)).until(() -> {
                Command rehearsed = sandbox.rehearse(POD);
                return rehearsed.exitCode() == 0 && !rehearsed.output().contains("cpu:");
            });
            sandbox.create(POD);

            assertThat(explain(sandbox, "pods", "-l", "!absent").orFail())
                    .contains("resources of container log-tailer was changed or removed; who did it is not recorded");
        }
    }

    @Test
    void namesTheManagerOfALaterChange(Sandbox sandbox) {
        sandbox.create(POD);
        sandbox.kubectl("set", "image", "pod/app", "log-tailer=busybox:1.36").orFail();

        assertThat(explain(sandbox, "pod", "app").orFail())
                .contains("image of container log-tailer was changed by kubectl-set");
    }

    @Test
    void showsTheDenialOfADeployment(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}, annotations: {pillion.dev/inject: lgging}}
                    spec: {containers: [{name: web, image: "busybox:1.37"}]}
                """);

        await("the controller reports the denial").atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            Command explained = explain(sandbox, "deploy/web");
            assertThat(explained.exitCode()).isEqualTo(3);
            assertThat(explained.output())
                    .contains("there is no Pod")
                    .containsPattern("denied \\d+s ago, reported for ReplicaSet/web-");
        });
    }

    private static Command explain(Sandbox sandbox, String... resources) {
        return Command.run(Stream.concat(
                        Stream.of(
                                Environment.ROOT.resolve("pillion").toString(),
                                "explain",
                                "--kubeconfig=" + Environment.KUBECONFIG,
                                "--native-sidecars=" + (Environment.NATIVE_SIDECARS ? "native" : "container"),
                                "--namespace=" + sandbox.namespace()),
                        Stream.of(resources))
                .toList());
    }
}
