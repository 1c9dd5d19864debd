package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * {@code pillion plan} predicts what a changed profile does to 30 Deployments in three namespaces. Their Pods are created and injected, but no
 * scheduler starts them, so that they need no resources of the machine.
 */
@ExtendWith(Stage.class)
@Execution(ExecutionMode.SAME_THREAD)
@ResourceLock("custom resource definitions")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlanTest {

    private static final String LABEL = "e2e.pillion.dev/plan";
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int DEPLOYMENTS = 10;

    /** Of the Deployments of each namespace. */
    private static final int INJECTED = 7;

    private static final String BEFORE = profile("busybox:1.36", "{name: level, type: string, default: info}", "10m");

    private static final String AFTER =
            profile("busybox:1.37", "{name: level, type: enum, values: [info, debug], default: info}", "60m");

    private PillionProcess pillion;
    private WebhookConfiguration mutating;
    private Sandbox plain;
    private Sandbox withDenial;
    private Sandbox withQuota;

    private static String profile(String image, String parameter, String cpu) {
        return """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionProfile
                metadata: {name: e2e-plan}
                spec:
                  description: Runs beside the app.
                  parameters: [%s]
                  sidecars:
                    - name: beside
                      image: %s
                      command: [sleep, "3600"]
                      resources: {requests: {cpu: %s, memory: 1Mi}}
                  app: {env: [{name: LEVEL, value: "${params.level}"}]}
                """.formatted(parameter, image, cpu);
    }

    private static String deployment(String name, String annotations) {
        return """
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  strategy: {type: Recreate}
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}, annotations: {%2$s}}
                    spec:
                      schedulerName: nobody
                      containers:
                        - {name: app, image: "busybox:1.37", resources: {requests: {cpu: 1m, memory: 1Mi}}}
                """.formatted(name, annotations);
    }

    @BeforeAll
    void createThirtyDeployments(KubernetesClient client) throws Exception {
        kubectl("apply", "--kustomize=" + Environment.ROOT.resolve("deploy/crds"))
                .orFail();
        apply(BEFORE);
        pillion = PillionProcess.start("plan", Map.of());
        mutating = WebhookConfiguration.register(
                client,
                "pillion-e2e-plan",
                LABEL + "=own",
                "Fail",
                pillion.url("/mutate"),
                pillion.certificate().caBundle());
        plain = Sandbox.open(client, Map.of(LABEL, "own"));
        withDenial = Sandbox.open(client, Map.of(LABEL, "own"));
        withQuota = Sandbox.open(client, Map.of(LABEL, "own"));
        withQuota.create("""
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: team}
                spec: {hard: {requests.cpu: 300m}}
                """);
        plain.awaitWebhook();
        for (Sandbox sandbox : sandboxes()) {
            sandbox.create(deployments(sandbox));
        }
        soon(() -> {
            for (Sandbox sandbox : sandboxes()) {
                assertThat(sandbox.pods("app")).hasSize(DEPLOYMENTS);
                assertThat(injectedWith(sandbox, "busybox:1.36")).hasSize(INJECTED);
            }
        });
        soon(() -> assertThat(withQuota
                        .kubectl("get", "resourcequota", "team", "--output=jsonpath={.status.used.requests\\.cpu}")
                        .output())
                .isEqualTo("80m"));
    }

    private String deployments(Sandbox sandbox) {
        StringBuilder manifest = new StringBuilder();
        IntStream.range(0, DEPLOYMENTS).forEach(index -> {
            String annotations = index < INJECTED ? "pillion.dev/inject: e2e-plan" : "";
            boolean denied = sandbox == withDenial && index == 0;
            manifest.append(deployment(
                    "app-" + index, denied ? annotations + ", e2e-plan.pillion.dev/level: verbose" : annotations));
        });
        return manifest.toString();
    }

    private List<Sandbox> sandboxes() {
        return List.of(plain, withDenial, withQuota);
    }

    @AfterAll
    void deleteAll() throws Exception {
        mutating.close();
        for (Sandbox sandbox : sandboxes()) {
            sandbox.close();
        }
        pillion.close();
        kubectl("delete", "--kustomize=" + Environment.ROOT.resolve("deploy/crds"))
                .orFail();
    }

    @Test
    void predictsWhatAuditAndNewPodsShowAfterwards() throws Exception {
        Command unchanged = plan(directory(BEFORE));
        Command planned = plan(directory(AFTER), "--output=json");

        assertThat(unchanged.orFail()).contains(" unchanged").doesNotContain("app-");
        assertThat(planned.exitCode()).as(planned.errors()).isEqualTo(1);
        JsonNode plan = JSON.readTree(planned.output());
        Set<String> changes = workloadsWith(plan, "changes");
        Set<String> denied = workloadsWith(plan, "denied");
        assertThat(changes).hasSize(3 * INJECTED - 1);
        assertThat(denied).containsExactly(withDenial.namespace() + " Deployment/app-0");
        assertThat(quotaOf(plan).toString())
                .isEqualTo(
                        "{\"quota\":\"ResourceQuota/team\",\"resource\":\"requests.cpu\",\"used\":\"80m\",\"added\":\"350m\",\"hard\":\"300m\",\"exceeded\":true}");

        apply(AFTER);
        assertThat(audited("outdated")).isEqualTo(changes);
        assertThat(audited("denied")).isEqualTo(denied);

        awaitNewProfile();
        for (Sandbox sandbox : sandboxes()) {
            sandbox.kubectl("rollout", "restart", "deployments").orFail();
        }
        soon(() -> assertThat(injectedWith(plain, "busybox:1.37")).hasSize(INJECTED));
        soon(() -> assertThat(injectedWith(withDenial, "busybox:1.37"))
                .isEqualTo(names(changes, withDenial))
                .doesNotContain("app-0"));
        withDenial.awaitEvent("FailedCreate", "must be one of info, debug");
        withQuota.awaitEvent("FailedCreate", "exceeded quota: team");
        soon(() -> assertThat(injectedWith(withQuota, "busybox:1.36")).isEmpty());
        soon(() ->
                assertThat(injectedWith(withQuota, "busybox:1.37")).isNotEmpty().hasSizeLessThan(INJECTED));
    }

    @Test
    void unusableInputHasItsOwnExitCode() {
        assertThat(plan(Path.of("no-such-directory")).exitCode()).isEqualTo(2);
    }

    private Set<String> workloadsWith(JsonNode plan, String change) {
        Set<String> found = new TreeSet<>();
        for (JsonNode workload : plan.path("workloads")) {
            String namespace = workload.path("namespace").asText();
            boolean own =
                    sandboxes().stream().anyMatch(sandbox -> sandbox.namespace().equals(namespace));
            boolean changes = workload.path("changes")
                    .valueStream()
                    .anyMatch(each -> each.path("change").asText().equals(change));
            if (own && changes) {
                found.add(namespace + " " + workload.path("workload").asText());
            }
        }
        return found;
    }

    private JsonNode quotaOf(JsonNode plan) {
        return plan.path("namespaces")
                .valueStream()
                .filter(total -> total.path("namespace").asText().equals(withQuota.namespace()))
                .findFirst()
                .orElseThrow()
                .path("quotas")
                .get(0);
    }

    /** The workloads for which {@code pillion audit} reports a finding of a kind. */
    private Set<String> audited(String kind) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Sandbox sandbox : sandboxes()) {
            Command audit = pillion("audit", "--namespace=" + sandbox.namespace(), "--output=json");
            for (JsonNode finding : JSON.readTree(audit.output())) {
                if (finding.path("kind").asText().equals(kind)) {
                    found.add(
                            sandbox.namespace() + " " + finding.path("workload").asText());
                }
            }
        }
        return found;
    }

    private static Set<String> names(Set<String> workloads, Sandbox sandbox) {
        String prefix = sandbox.namespace() + " Deployment/";
        Set<String> names = new TreeSet<>();
        workloads.stream()
                .filter(workload -> workload.startsWith(prefix))
                .forEach(workload -> names.add(workload.substring(prefix.length())));
        return names;
    }

    /** The names of the Deployments with a Pod that has the sidecar with this image. */
    private static Set<String> injectedWith(Sandbox sandbox, String image) {
        Predicate<Pod> hasSidecar =
                pod -> Stream.concat(pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
                        .anyMatch(container -> container.getName().equals("beside")
                                && container.getImage().equals(image));
        Set<String> names = new TreeSet<>();
        sandbox.pods("app").stream()
                .filter(hasSidecar)
                .forEach(pod -> names.add(pod.getMetadata().getLabels().get("app")));
        return names;
    }

    /** Waits until the webhook uses the changed profile. */
    private void awaitNewProfile() {
        String pod = """
                apiVersion: v1
                kind: Pod
                metadata: {name: probe, annotations: {pillion.dev/inject: e2e-plan}}
                spec: {containers: [{name: app, image: "busybox:1.37"}]}
                """;
        soon(() -> assertThat(plain.rehearse(pod).output()).contains("cpu: 60m"));
    }

    private static Path directory(String profile) throws IOException {
        Path directory = Environment.temporaryDirectory("plan");
        Files.writeString(directory.resolve("profile.yaml"), profile);
        return directory;
    }

    private static Command plan(Path directory, String... options) {
        List<String> arguments = new ArrayList<>(List.of("plan", directory.toString()));
        arguments.addAll(List.of(options));
        return pillion(arguments.toArray(String[]::new));
    }

    private static Command pillion(String... arguments) {
        return Command.run(Stream.concat(
                        Stream.of(Environment.ROOT.resolve("pillion").toString()),
                        Stream.concat(
                                Stream.of(arguments),
                                Stream.of(
                                        "--kubeconfig=" + Environment.KUBECONFIG,
                                        "--native-sidecars=" + (Environment.NATIVE_SIDECARS ? "native" : "container"))))
                .toList());
    }

    private static void apply(String manifest) {
        Command.run(List.of("kubectl", "apply", "--filename=-"), manifest).orFail();
    }

    private static Command kubectl(String... arguments) {
        return Command.run(
                Stream.concat(Stream.of("kubectl"), Stream.of(arguments)).toList());
    }

    private static void soon(ThrowingRunnable condition) {
        await().atMost(SOON).untilAsserted(condition);
    }
}
