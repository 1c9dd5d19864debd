package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** With native sidecars, a Job completes when its own container completes. */
@ExtendWith(Stage.class)
class JobsTest {

    private static final String SHORT_JOB = """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: short}
            spec:
              template:
                metadata:
                  labels: {app: short}
                  annotations: {pillion.dev/inject: logging}
                spec:
                  restartPolicy: Never
                  containers:
                    - {name: main, image: "busybox:1.37", command: [sh, -c, "echo the last line > /var/log/app/app.log"]}
            """;

    @Test
    void completesWithANativeSidecar(Sandbox sandbox) throws IOException {
        assumeTrue(Environment.NATIVE_SIDECARS, "the cluster has native sidecars");
        sandbox.create(Manifests.service("postgres", 5432));
        sandbox.create(Manifests.listener("postgres", 5432));
        sandbox.create(Manifests.service("orders-api", 8080));
        sandbox.create(Manifests.listener("orders-api", 8080));
        sandbox.createExample("job.yaml");

        // The server answers 404 for /healthz, so the Job waits. Then the page is created.
        String pod =
                sandbox.awaitAnyPodOf("job-name=import-orders").getMetadata().getName();
        sandbox.awaitLog(pod, "wait-for-orders-api-8080", "waiting for http://orders-api:8080/healthz");
        sandbox.exec("orders-api", "listener", "touch", "/tmp/www/healthz");

        sandbox.kubectl("wait", "job/import-orders", "--for=condition=Complete", "--timeout=90s")
                .orFail();
        assertThat(sandbox.logs(pod, "log-tailer").orFail()).contains("imported 42 orders");
        assertThat(sandbox.pod(pod).getStatus().getPhase()).isEqualTo("Succeeded");
    }

    @Test
    void theSidecarWritesTheLastLinesAndExitsWithZero(Sandbox sandbox) {
        assumeTrue(Environment.NATIVE_SIDECARS, "the cluster has native sidecars");
        sandbox.create(SHORT_JOB);

        sandbox.kubectl("wait", "job/short", "--for=condition=Complete", "--timeout=90s")
                .orFail();

        Pod pod = sandbox.awaitAnyPodOf("app=short");
        assertThat(sandbox.logs(pod.getMetadata().getName(), "log-tailer").orFail())
                .contains("the last line");
        assertThat(pod.getStatus().getInitContainerStatuses())
                .singleElement()
                .extracting(status -> status.getState().getTerminated().getExitCode())
                .isEqualTo(0);
    }

    @Test
    void aPlainSidecarOutlivesTheJobAndTheUserIsWarned(Sandbox sandbox) {
        assumeFalse(Environment.NATIVE_SIDECARS, "the cluster has no native sidecars");
        sandbox.create(SHORT_JOB);

        Pod pod = sandbox.awaitAnyPodOf("app=short");
        String name = pod.getMetadata().getName();
        sandbox.awaitPod(
                name,
                "the app's container is over",
                it -> statusOf(it, "main").getState().getTerminated() != null);
        sandbox.awaitLog(name, "log-tailer", "the last line");

        Pod later = sandbox.pod(name);
        assertThat(later.getStatus().getPhase()).isEqualTo("Running");
        assertThat(statusOf(later, "log-tailer").getState().getRunning()).isNotNull();
        assertThat(sandbox.kubectl("get", "job/short", "--output=jsonpath={.status.succeeded}")
                        .orFail())
                .isEmpty();
    }

    private static ContainerStatus statusOf(Pod pod, String container) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getName().equals(container))
                .findFirst()
                .orElseThrow();
    }
}
