package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** {@code pillion explain} of live workloads. It reads the profiles and policies of the cluster, which another test class changes. */
@ExtendWith(Stage.class)
@ResourceLock(value = "custom resource definitions", mode = ResourceAccessMode.READ)
class ExplainTest {

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: app, annotations: {pillion.dev/inject: logging}}
            spec:
              terminationGracePeriodSeconds: 1
              containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
            """;

    /** A type whose controller creates ReplicaSets, as that of Argo's Rollouts does. */
    private static final String ROLLOUTS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: rollouts.e2e.pillion.dev}
            spec:
              group: e2e.pillion.dev
              names: {kind: Rollout, plural: rollouts, singular: rollout, shortNames: [e2ero]}
              scope: Namespaced
              versions:
                - name: v1
                  served: true
                  storage: true
                  schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;

    @Test
    void showsThatAPodIsUpToDate(Sandbox sandbox) {
        sandbox.create(POD);

        assertThat(explain(sandbox, "pod/app").orFail())
                .contains("Pod/app in the cluster: unchanged (already-injected)")
                .contains("logging (generation ")
                .contains("up to date");
    }

    @Test
    void namesTheFieldThatAnotherWebhookStripped(Sandbox sandbox) throws Exception {
        String label = "e2e.pillion.dev/strips";
        sandbox.label(label + "=true");
        try (OtherWebhook other = OtherWebhook.stripping("log-tailer", "resources");
                WebhookConfiguration configuration = WebhookConfiguration.register(
                        sandbox.client(),
                        "z-strips",
                        label + "=true",
                        "Fail",
                        other.url(),
                        other.certificate().caBundle())) {
            await("the other webhook is called").atMost(Duration.ofMinutes(3)).until(() -> {
                Command rehearsed = sandbox.rehearse(POD);
                return rehearsed.exitCode() == 0 && !rehearsed.output().contains("cpu:");
            });
            sandbox.create(POD);

            assertThat(explain(sandbox, "pods", "-l", "!absent").orFail())
                    .contains(
                            "resources of container log-tailer was changed or removed; the Pod does not record by whom");
        }
    }

    @Test
    void namesTheManagerOfALaterChange(Sandbox sandbox) {
        sandbox.create(POD);
        sandbox.kubectl("set", "image", "pod/app", "log-tailer=busybox:1.36").orFail();

        assertThat(explain(sandbox, "pod", "app").orFail())
                .contains("image of container log-tailer was changed by kubectl-set");
    }

    @Test
    void explainsACustomResource(Sandbox sandbox) {
        sandbox.create(ROLLOUTS);
        try {
            explainRollout(sandbox);
        } finally {
            sandbox.kubectl("delete", "customresourcedefinition", "rollouts.e2e.pillion.dev")
                    .orFail();
        }
    }

    private static void explainRollout(Sandbox sandbox) {
        await("the type is served").atMost(Duration.ofMinutes(3)).untilAsserted(() -> sandbox.create("""
                apiVersion: e2e.pillion.dev/v1
                kind: Rollout
                metadata: {name: web}
                spec:
                  template:
                    metadata: {annotations: {pillion.dev/inject: logging}}
                    spec: {containers: [{name: app, image: "busybox:1.37"}]}
                """));
        String uid = sandbox.kubectl("get", "rollouts.e2e.pillion.dev", "web", "-o", "jsonpath={.metadata.uid}")
                .orFail();
        sandbox.create("""
                apiVersion: apps/v1
                kind: ReplicaSet
                metadata:
                  name: web-5f7
                  ownerReferences: [{apiVersion: e2e.pillion.dev/v1, kind: Rollout, name: web, uid: %s, controller: true}]
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}, annotations: {pillion.dev/inject: logging}}
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
                """.formatted(uid));

        for (String name : List.of("rollouts.e2e.pillion.dev/web", "e2ero/web")) {
            await("the Pod exists").atMost(Duration.ofMinutes(3)).untilAsserted(() -> assertThat(
                            explain(sandbox, name).orFail())
                    .contains("Rollout/web in the cluster: injected")
                    .containsPattern("Pod web-5f7-\\w+, .* old: logging \\(generation ")
                    .contains("up to date"));
        }
    }

    @Test
    void showsTheDenialOfADeployment(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}, annotations: {pillion.dev/inject: lgging}}
                    spec: {containers: [{name: web, image: "busybox:1.37"}]}
                """);

        await("the controller reports the denial").atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
            Command explained = explain(sandbox, "deploy/web");
            assertThat(explained.exitCode()).isEqualTo(3);
            assertThat(explained.output())
                    .contains("there is no Pod")
                    .containsPattern("denied \\d+s ago, reported for ReplicaSet/web-");
        });
    }

    private static Command explain(Sandbox sandbox, String... resources) {
        return Command.run(Stream.concat(
                        Stream.of(
                                Environment.ROOT.resolve("pillion").toString(),
                                "explain",
                                "--kubeconfig=" + Environment.KUBECONFIG,
                                "--native-sidecars=" + (Environment.NATIVE_SIDECARS ? "native" : "container"),
                                "--namespace=" + sandbox.namespace()),
                        Stream.of(resources))
                .toList());
    }
}
