package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The policies of {@code examples/platform}, in namespaces with the labels that they select. */
@ExtendWith(Stage.class)
class PoliciesTest {

    @Test
    void injectsAnEnforcedProfileIntoPodsThatOptOut(Sandbox sandbox) {
        sandbox.label("team=payments");
        awaitLogging(sandbox);

        Command created = sandbox.tryToCreate(pod("unwilling", "pillion.dev/inject: \"false\""));

        assertThat(created.orFail()).contains("pod/unwilling created");
        assertThat(created.errors()).contains("Warning: pillion: ").contains("has no effect on logging");
        assertThat(Manifests.names(sandbox.awaitReady("unwilling"))).contains("log-tailer");
    }

    @Test
    void aStrictNamespaceRefusesAPodWhoseCompanionAnotherWebhookRemoved(Sandbox sandbox) throws Exception {
        sandbox.label("team=payments");
        sandbox.label("pillion.dev/enforcement=strict");
        sandbox.label("e2e.pillion.dev/vandal=here");
        awaitLogging(sandbox);
        try (OtherWebhook vandal = OtherWebhook.removing("log-tailer");
                WebhookConfiguration configuration = WebhookConfiguration.register(
                        sandbox.client(),
                        "z-vandal",
                        "e2e.pillion.dev/vandal=here",
                        "Fail",
                        vandal.url(),
                        vandal.certificate().caBundle())) {
            await("the vandal is called").atMost(Duration.ofMinutes(3)).untilAsserted(() -> assertThat(
                            sandbox.tryToCreate(pod("stripped", "a: b")).errors())
                    .contains("denied the request: policy 'payments-must-log' enforces 'logging'")
                    .contains("container log-tailer"));
            assertThat(sandbox.pod("stripped")).isNull();
        }
    }

    @Test
    void anAuditPolicyInjectsNothing(Sandbox sandbox) {
        sandbox.create(pod("watched", "a: b"));

        assertThat(Manifests.names(sandbox.awaitReady("watched"))).doesNotContain("proxy");
    }

    private static void awaitLogging(Sandbox sandbox) {
        await("Pillion has heard of the label").atMost(Duration.ofMinutes(3)).until(() -> sandbox.kubectl(
                        "run", "probe", "--image=busybox:1.37", "--dry-run=server", "--output=yaml")
                .output()
                .contains("log-tailer"));
    }

    private static String pod(String name, String annotation) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, labels: {exposure: public}, annotations: {%s}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"], ports: [{containerPort: 8080}]}]
                """.formatted(name, annotation);
    }
}
