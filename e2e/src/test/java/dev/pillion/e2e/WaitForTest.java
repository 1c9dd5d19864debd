package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Waiting for gRPC servers, and the timeout. The tutorials test names and ports. */
@ExtendWith(Stage.class)
class WaitForTest {

    @Test
    void waitsUntilAGrpcServerIsServing(Sandbox sandbox) {
        assumeTrue(Environment.OWN_CLUSTER, "the gRPC server's image is this project's own");
        sandbox.create(Manifests.service("health", 50051));
        sandbox.create(waiting("grpc://health:50051", "0s"));
        sandbox.awaitLog("app", "wait-for-health-50051", "waiting for grpc://health:50051");

        // It accepts connections at once, but reports that it is serving only after three seconds.
        sandbox.create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: health, labels: {app: health}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: health, image: "localhost/grpc-health:1", args: [-port=50051, -delay=3s]}]
                """);

        sandbox.awaitReady("app");
        sandbox.awaitLog("app", "wait-for-health-50051", "grpc://health:50051 is available");
    }

    @Test
    void failsAfterItsTimeoutAndLogsTheReason(Sandbox sandbox) {
        sandbox.create(waiting("tcp://nobody:81", "2s"));

        sandbox.awaitPhase("app", "Failed");

        assertThat(sandbox.logs("app", "wait-for-nobody-81").orFail()).contains("timeout after 2 s: tcp://nobody:81: ");
    }

    private static String waiting(String target, String timeout) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: app
                  annotations: {pillion.dev/wait-for: "%s", wait-for.pillion.dev/timeout: %s}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
                """.formatted(target, timeout);
    }
}
