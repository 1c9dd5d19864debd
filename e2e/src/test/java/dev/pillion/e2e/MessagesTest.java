package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The messages in the output of kubectl and in Events. */
@ExtendWith(Stage.class)
class MessagesTest {

    @Test
    void aDenialNamesTheAnnotationAndTheCorrection(Sandbox sandbox) {
        Command denied = sandbox.tryToCreate(pod("pillion.dev/inject: loging"));

        assertThat(denied.exitCode()).isNotZero();
        assertThat(denied.errors())
                .contains("admission webhook \"pillion-e2e.pillion.dev\" denied the request: ")
                .contains("pillion.dev/inject")
                .contains("did you mean 'logging'?")
                .contains("unknown-profile");
        assertThat(sandbox.pod("app")).isNull();
    }

    @Test
    void aDenialOfADeploymentsPodIsAnEventOfItsReplicaSet(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: mistaken}
                spec:
                  selector: {matchLabels: {app: mistaken}}
                  template:
                    metadata:
                      labels: {app: mistaken}
                      annotations: {pillion.dev/wait-for: "postgres"}
                    spec:
                      containers: [{name: app, image: "busybox:1.37"}]
                """);

        sandbox.awaitEvent("FailedCreate", "pillion.dev/wait-for");
        sandbox.awaitEvent("PillionDenied", "annotation pillion.dev/wait-for: ");
    }

    @Test
    void aSkippedCompanionIsAWarning(Sandbox sandbox) {
        Command created = sandbox.tryToCreate("""
                apiVersion: v1
                kind: Pod
                metadata: {name: app, annotations: {pillion.dev/inject: proxy}}
                spec:
                  hostNetwork: true
                  schedulerName: none
                  containers: [{name: app, image: "busybox:1.37", ports: [{containerPort: 8123}]}]
                """);

        assertThat(created.orFail()).contains("pod/app created");
        assertThat(created.errors()).startsWith("Warning: pillion: ").contains("the node's network");
    }

    @Test
    void aPlainSidecarInAJobIsAWarning(Sandbox sandbox) {
        assumeFalse(Environment.NATIVE_SIDECARS, "the cluster has no native sidecars");
        Command created = sandbox.tryToCreate("""
                apiVersion: v1
                kind: Pod
                metadata: {name: app, annotations: {pillion.dev/inject: logging}}
                spec:
                  restartPolicy: Never
                  schedulerName: none
                  containers: [{name: app, image: "busybox:1.37"}]
                """);

        created.orFail();
        assertThat(created.errors()).startsWith("Warning: pillion: ").contains("log-tailer");
    }

    private static String pod(String annotation) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: app, annotations: {%s}}
                spec:
                  schedulerName: none
                  containers: [{name: app, image: "busybox:1.37"}]
                """.formatted(annotation);
    }
}
