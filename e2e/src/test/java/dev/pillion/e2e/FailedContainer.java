package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;

/** Checks what a container shows that has failed. */
final class FailedContainer {

    private FailedContainer() {}

    /** Waits until the container has ended and the Pod has failed. The log and the state of the container show the causes. */
    static void assertShows(Sandbox sandbox, String pod, String container, int exitCode, String... causes) {
        ContainerStateTerminated end = sandbox.awaitEnd(pod, container);
        assertThat(end.getExitCode()).isEqualTo(exitCode);
        assertThat(end.getReason()).isEqualTo("Error");
        assertThat(end.getMessage()).contains(causes);
        assertThat(sandbox.logs(pod, container).orFail()).contains(causes);
        sandbox.awaitPhase(pod, "Failed");
    }
}
