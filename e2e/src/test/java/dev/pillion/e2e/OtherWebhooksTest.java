package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another webhook changes the same Pods before Pillion, or after it, so that the API server calls Pillion again. */
@ExtendWith(Stage.class)
class OtherWebhooksTest {

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: app
              annotations:
                pillion.dev/inject: logging, env
                pillion.dev/wait-for: kubernetes.default:443
                env.pillion.dev/variables: FIRSTNAME=Piyush
            spec:
              terminationGracePeriodSeconds: 1
              containers: [{name: app, image: "busybox:1.37", command: [sh, -c, "echo ready > /var/log/app/app.log; sleep 3600"]}]
            """;

    @ParameterizedTest(name = "theResultIsStableAndRunsWithOneNamed {0}")
    @ValueSource(strings = {"a-registry-mirror", "z-registry-mirror"})
    void theInjectedPodIsStableAndRuns(String name, Sandbox sandbox) throws Exception {
        sandbox.label("e2e.pillion.dev/mirror=" + name);
        try (OtherWebhook other = OtherWebhook.mirroringImages();
                WebhookConfiguration configuration = WebhookConfiguration.register(
                        sandbox.client(),
                        name,
                        "e2e.pillion.dev/mirror=" + name,
                        "Fail",
                        other.url(),
                        other.certificate().caBundle())) {
            await("both webhooks are called")
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> sandbox.rehearse(POD).output().contains(OtherWebhook.VARIABLE));

            sandbox.create(POD);
            Pod pod = sandbox.awaitReady("app");

            assertThat(Manifests.names(pod))
                    .containsExactlyInAnyOrder("wait-for-kubernetes-default-443", "log-tailer", "app");
            assertThat(pod.getSpec().getVolumes()).extracting(Volume::getName).doesNotHaveDuplicates();
            assertThat(Manifests.containers(pod)).allSatisfy(container -> {
                assertThat(container.getImage()).startsWith("docker.io/");
                assertThat(container.getEnv()).extracting("name").doesNotHaveDuplicates();
            });
            assertThat(Manifests.container(pod, "app").getEnv())
                    .extracting("name")
                    .contains("FIRSTNAME", OtherWebhook.VARIABLE);
            sandbox.awaitLog("app", "log-tailer", "ready");

            assertThat(containersOf(again(sandbox, pod))).isEqualTo(containersOf(pod));
        }
    }

    /** The result if the same Pod is created again with another name. */
    private static Pod again(Sandbox sandbox, Pod pod) {
        Pod copy = Serialization.clone(pod);
        copy.setStatus(null);
        copy.getMetadata().setName("again");
        copy.getMetadata().setUid(null);
        copy.getMetadata().setResourceVersion(null);
        copy.getMetadata().setCreationTimestamp(null);
        return Serialization.unmarshal(
                sandbox.rehearse(Serialization.asYaml(copy)).orFail(), Pod.class);
    }

    private static List<Container> containersOf(Pod pod) {
        return Manifests.containers(pod).toList();
    }
}
