package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** Creates many Pods at once, as after the loss of a node. Runs alone, so that other tests do not influence the figures. */
@Isolated
@ExtendWith(Stage.class)
class BurstTest {

    private static final int PODS = 500;
    private static final int CREATORS = 16;

    /** No scheduler handles these Pods, because the test concerns only their creation. */
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: burst-%d
              labels: {app: burst}
              annotations:
                pillion.dev/inject: logging, env
                pillion.dev/wait-for: postgres:5432
                env.pillion.dev/variables: NUMBER=%d
            spec:
              schedulerName: none
              containers: [{name: app, image: "busybox:1.37"}]
            """;

    @Test
    void injectsFiveHundredPodsWithoutAFailure(Sandbox sandbox, KubernetesClient client) throws Exception {
        WebhookLatency before = WebhookLatency.of(sandbox);
        long start = System.nanoTime();
        List<Future<Pod>> creations = new ArrayList<>();
        try (ExecutorService creators = Executors.newFixedThreadPool(CREATORS)) {
            for (int number = 0; number < PODS; number++) {
                String manifest = POD.formatted(number, number);
                creations.add(creators.submit(() -> (Pod) client.resource(manifest)
                        .inNamespace(sandbox.namespace())
                        .create()));
            }
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        for (Future<Pod> creation : creations) {
            assertThat(Manifests.names(creation.get()))
                    .containsExactlyInAnyOrder("wait-for-postgres-5432", "log-tailer", "app");
        }
        WebhookLatency latency = WebhookLatency.of(sandbox).since(before);
        System.out.printf(
                "         %d Pods in %.1f s; the API server says of its %s%n", PODS, took.toMillis() / 1000.0, latency);
        assertThat(latency.calls()).isGreaterThanOrEqualTo(PODS);
        assertThat(latency.failures()).isZero();
    }

    /** The API server's own metrics of its calls to Pillion. */
    private record WebhookLatency(long calls, double seconds, long within5ms, long within25ms, long failures) {

        static WebhookLatency of(Sandbox sandbox) {
            String metrics = sandbox.kubectl("get", "--raw=/metrics").orFail();
            String histogram = "apiserver_admission_webhook_admission_duration_seconds";
            return new WebhookLatency(
                    (long) sum(metrics, histogram + "_count", ""),
                    sum(metrics, histogram + "_sum", ""),
                    (long) sum(metrics, histogram + "_bucket", "le=\"0.005\""),
                    (long) sum(metrics, histogram + "_bucket", "le=\"0.025\""),
                    (long) (sum(metrics, "apiserver_admission_webhook_fail_open_count", "")
                            + sum(
                                    metrics,
                                    "apiserver_admission_webhook_rejection_count",
                                    "error_type=\"calling_webhook_error\"")));
        }

        /** The sum of a metric over all series of Pillion's webhooks that have the label. */
        private static double sum(String metrics, String name, String label) {
            return Pattern.compile("(?m)^" + name + "\\{(.*)} (\\S+)$")
                    .matcher(metrics)
                    .results()
                    .filter(sample -> sample.group(1).contains("name=\"pillion-e2e.pillion.dev\""))
                    .filter(sample -> sample.group(1).contains(label))
                    .mapToDouble(sample -> Double.parseDouble(sample.group(2)))
                    .sum();
        }

        WebhookLatency since(WebhookLatency earlier) {
            return new WebhookLatency(
                    calls - earlier.calls,
                    seconds - earlier.seconds,
                    within5ms - earlier.within5ms,
                    within25ms - earlier.within25ms,
                    failures - earlier.failures);
        }

        @Override
        public String toString() {
            return "%d calls: mean %.1f ms, %.0f %% within 5 ms, %.0f %% within 25 ms, %d failed"
                    .formatted(
                            calls,
                            1000 * seconds / calls,
                            100.0 * within5ms / calls,
                            100.0 * within25ms / calls,
                            failures);
        }
    }
}
