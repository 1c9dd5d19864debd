package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The annotation of a namespace is the default for its Pods. */
@ExtendWith(Stage.class)
class NamespaceDefaultsTest {

    @Test
    void injectsPodsWithoutAnAnnotation(Sandbox sandbox) {
        defaultTo(sandbox, "logging");

        sandbox.create(plainPod("silent", ""));

        assertThat(Manifests.names(sandbox.awaitReady("silent"))).containsExactlyInAnyOrder("app", "log-tailer");
    }

    @Test
    void doesNotInjectPodsThatOptOut(Sandbox sandbox) {
        defaultTo(sandbox, "logging");

        sandbox.create(plainPod("unwilling", "pillion.dev/inject: \"false\""));

        Pod pod = sandbox.awaitReady("unwilling");
        assertThat(Manifests.names(pod)).containsExactly("app");
        assertThat(pod.getMetadata().getAnnotations()).doesNotContainKey("pillion.dev/status");
    }

    @Test
    void isOverriddenByThePodsAnnotation(Sandbox sandbox) {
        defaultTo(sandbox, "logging");

        sandbox.create(plainPod("particular", "pillion.dev/inject: env\n    env.pillion.dev/variables: A=1"));

        Pod pod = sandbox.awaitReady("particular");
        assertThat(Manifests.names(pod)).containsExactly("app");
        assertThat(sandbox.variable("particular", "app", "A")).isEqualTo("1");
    }

    @Test
    void endsWhenTheAnnotationIsRemoved(Sandbox sandbox) {
        defaultTo(sandbox, "logging");

        sandbox.annotate("pillion.dev/inject-");

        await("Pods of the namespace are left alone")
                .atMost(Duration.ofMinutes(3))
                .until(() -> !rehearse(sandbox).contains("log-tailer"));
    }

    /** Annotates the namespace and waits until Pillion knows the annotation. */
    private static void defaultTo(Sandbox sandbox, String profiles) {
        sandbox.annotate("pillion.dev/inject=" + profiles);
        await("Pillion has heard of the annotation")
                .atMost(Duration.ofMinutes(3))
                .until(() -> rehearse(sandbox).contains("log-tailer"));
    }

    private static String rehearse(Sandbox sandbox) {
        return sandbox.kubectl("run", "probe", "--image=busybox:1.37", "--dry-run=server", "--output=yaml")
                .orFail();
    }

    private static String plainPod(String name, String annotations) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                  annotations:
                    example.com/reason: none
                    %s
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - {name: app, image: "busybox:1.37", command: [sleep, "3600"]}
                """.formatted(name, annotations);
    }
}
