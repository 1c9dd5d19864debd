package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** No Pod is refused while Pillion is unavailable. Runs alone, because it measures the time. */
@Isolated
@ExtendWith(Stage.class)
class OutageTest {

    private static final String LABEL = "e2e.pillion.dev/outage";

    @Test
    void podsAreAdmittedWithoutCompanionsDuringAnOutageAndInjectedAfterwards(KubernetesClient client) throws Exception {
        try (PillionProcess pillion = PillionProcess.start("outage");
                WebhookConfiguration configuration = WebhookConfiguration.register(
                        client,
                        "pillion-e2e-outage",
                        LABEL + "=here",
                        "Ignore",
                        pillion.url("/mutate"),
                        pillion.certificate().caBundle());
                Sandbox sandbox = Sandbox.open(client, Map.of(LABEL, "here"))) {
            await("the API server calls Pillion").atMost(Duration.ofMinutes(3)).until(() -> injects(sandbox, "before"));

            pillion.kill();
            long start = System.nanoTime();
            create(sandbox, "meanwhile");
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(isInjected(sandbox, "meanwhile")).isFalse();
            assertThat(took).isLessThan(Duration.ofSeconds(6));

            pillion.start();
            assertThat(injects(sandbox, "after")).isTrue();
        }
    }

    /** Creates a Pod that requests a companion. Returns whether the Pod has it. */
    private static boolean injects(Sandbox sandbox, String name) {
        sandbox.kubectl("delete", "pod", name, "--ignore-not-found", "--now").orFail();
        create(sandbox, name);
        return isInjected(sandbox, name);
    }

    private static void create(Sandbox sandbox, String name) {
        sandbox.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, annotations: {pillion.dev/inject: logging}}
                spec:
                  schedulerName: none
                  containers: [{name: app, image: "busybox:1.37"}]
                """.formatted(name));
    }

    private static boolean isInjected(Sandbox sandbox, String name) {
        return Manifests.names(sandbox.pod(name)).contains("log-tailer");
    }
}
