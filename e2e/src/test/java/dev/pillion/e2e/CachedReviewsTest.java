package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reviews of the Pods of one workload, as the API server sends them, are answered from the cache. Concurrent ones may miss it. */
@ExtendWith(Stage.class)
class CachedReviewsTest {

    private static final int PODS = 6;

    @ParameterizedTest
    @CsvSource({"StatefulSet", "Job", "ReplicaSet"})
    void comeFromTheSameWorkload(String kind, Sandbox sandbox, PillionProcess pillion) throws Exception {
        double mutated = hits(pillion, "mutate");
        double validated = hits(pillion, "validate");

        sandbox.create(manifest(kind));

        await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> assertThat(sandbox.pods("app=cached"))
                .hasSize(PODS)
                .allSatisfy(pod -> assertThat(Manifests.names(pod)).contains("log-tailer")));
        assertThat(hits(pillion, "mutate") - mutated).isGreaterThanOrEqualTo(PODS - 3);
        assertThat(hits(pillion, "validate") - validated).isGreaterThanOrEqualTo(PODS - 3);
    }

    private static String manifest(String kind) {
        String replicas =
                switch (kind) {
                    case "StatefulSet" ->
                        "serviceName: cached, podManagementPolicy: Parallel, replicas: %d, selector: {matchLabels: {app: cached}}";
                    case "Job" -> "parallelism: %d, completions: 6";
                    default -> "replicas: %d, selector: {matchLabels: {app: cached}}";
                };
        return """
                apiVersion: %s
                kind: %s
                metadata: {name: cached}
                spec:
                  {%s, template: {
                    metadata: {labels: {app: cached}, annotations: {pillion.dev/inject: logging}},
                    spec: {
                      restartPolicy: %s,
                      terminationGracePeriodSeconds: 1,
                      containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]}}}
                """.formatted(
                        kind.equals("Job") ? "batch/v1" : "apps/v1",
                        kind,
                        replicas.formatted(PODS),
                        kind.equals("Job") ? "Never" : "Always");
    }

    private static double hits(PillionProcess pillion, String webhook) throws Exception {
        return pillion.metrics()
                .lines()
                .filter(line -> line.startsWith("pillion_review_cache_hits_total{webhook=\"" + webhook + "\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
