package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** {@code pillion audit} finds Pods that were created while the webhook was not called. */
@ExtendWith(Stage.class)
class AuditTest {

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, annotations: {pillion.dev/inject: logging}}
            spec:
              terminationGracePeriodSeconds: 1
              containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
            """;

    /** {@code audit} also lists profiles and policies that do not compile. Another test class creates such profiles. */
    @Test
    @ResourceLock(value = "custom resource definitions", mode = ResourceAccessMode.READ)
    void findsPodsThatWereCreatedWithoutTheWebhookAndNoInjectedOnes(Sandbox called, KubernetesClient client) {
        called.create(POD.formatted("injected"));
        try (Sandbox uncalled = Sandbox.open(client, Map.of())) {
            uncalled.create(POD.formatted("bare"));

            Command lacking = audit(uncalled.namespace());
            Command complete = audit(called.namespace());

            assertThat(lacking.exitCode()).isEqualTo(1);
            assertThat(lacking.output())
                    .contains("Pod/bare")
                    .contains("logging")
                    .contains("annotation pillion.dev/inject")
                    .contains("1 Pod: 1 with findings");
            // Audit policies of other tests may match more Pods.
            assertThat(complete.orFail()).contains("1 Pod: no findings");
        }
    }

    private static Command audit(String namespace) {
        return Command.run(List.of(
                Environment.ROOT.resolve("pillion").toString(),
                "audit",
                "--kubeconfig=" + Environment.KUBECONFIG,
                "--native-sidecars=" + (Environment.NATIVE_SIDECARS ? "native" : "container"),
                "--namespace=" + namespace));
    }
}
