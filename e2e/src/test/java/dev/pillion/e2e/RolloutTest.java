package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** {@code pillion rollout} with real controllers and a real kubelet. The profiles are files, which change. */
@ExtendWith(Stage.class)
@ResourceLock(value = "custom resource definitions", mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolloutTest {

    private static final String LABEL = "e2e.pillion.dev/rollout";
    private static final Duration SOON = Duration.ofMinutes(1);

    private static final String PROFILE = """
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionProfile
            metadata: {name: %1$s}
            spec:
              description: Runs beside the app and does nothing.
              sidecars:
                - name: %1$s
                  image: "%2$s"
                  command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.2; done"]
                  securityContext: {runAsUser: 65534}
                  env: [{name: LEVEL, value: "%3$s"}]
            """;

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %1$s}
            spec:
              replicas: %2$d
              selector: {matchLabels: {app: %1$s}}
              template:
                metadata: {labels: {app: %1$s}, annotations: {pillion.dev/inject: %3$s}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"]}]
            """;

    private Path profiles;
    private PillionProcess pillion;
    private WebhookConfiguration mutating;
    private Sandbox shop;
    private Sandbox bank;

    @BeforeAll
    void startPillion(KubernetesClient client) throws Exception {
        profiles = Environment.temporaryDirectory("rollout");
        write("restarted", "busybox:1.37", "first");
        write("patched", "busybox:1.37", "first");
        pillion = PillionProcess.start("rollout", profiles);
        mutating = WebhookConfiguration.register(
                client,
                "pillion-e2e-rollout",
                LABEL + "=own",
                "Fail",
                pillion.url("/mutate"),
                pillion.certificate().caBundle());
        shop = Sandbox.open(client, Map.of(LABEL, "own"));
        bank = Sandbox.open(client, Map.of(LABEL, "own"));
        shop.awaitWebhook();
    }

    @AfterAll
    void deleteAll() throws Exception {
        shop.close();
        bank.close();
        mutating.close();
        pillion.close();
    }

    @Test
    void bringsTheDeploymentsOfTwoNamespacesUpToDateAndContinuesAfterARepair() throws Exception {
        List<Sandbox> owners = List.of(shop, shop, bank, bank);
        List<String> names = List.of("api", "broken", "cards", "ledger");
        for (int index = 0; index < names.size(); index++) {
            owners.get(index).create(DEPLOYMENT.formatted(names.get(index), 1, "restarted"));
        }
        for (int index = 0; index < names.size(); index++) {
            awaitRollout(owners.get(index), names.get(index));
        }
        change(
                "restarted",
                "${pod.metadata.?labels.?app.orValue('') == 'broken' ? 'busybox:missing' : 'busybox:1.37'}",
                "second");

        Command planned = pillion("rollout", "--profile=restarted", "-A", "--dry-run");
        Command stopped = pillion("rollout", "--profile=restarted", "-A", "--yes", "--timeout=20s");

        assertThat(planned.orFail()).contains("4 workloads: 4 to restart");
        assertThat(stopped.exitCode()).isEqualTo(1);
        assertThat(stopped.output())
                .contains("Deployment/broken in namespace " + shop.namespace() + ": not ready after ")
                .containsPattern("Pod broken-\\S+: container restarted is waiting: (ErrImagePull|ImagePullBackOff)");

        change("restarted", "busybox:1.37", "second");
        Command continued = pillion("rollout", "--profile=restarted", "-A", "--yes", "--timeout=60s");

        assertThat(continued.orFail()).endsWith("4 of 4 workloads up to date\n");
        for (int index = 0; index < names.size(); index++) {
            Pod pod = onlyPod(owners.get(index), names.get(index));
            assertThat(owners.get(index).variable(pod.getMetadata().getName(), "restarted", "LEVEL"))
                    .isEqualTo("second");
        }
        assertThat(audit(bank).orFail()).contains("Pods: no findings");
        assertThat(pillion("rollout", "--profile=restarted", "-A").orFail())
                .isEqualTo("no selected workload has Pods with missing or outdated companions\n");
    }

    @Test
    void appliesANewImageToTheLivePodsWhileTheAppKeepsRunning() throws Exception {
        shop.create(DEPLOYMENT.formatted("web", 2, "patched"));
        awaitRollout(shop, "web");
        Map<String, Pod> before = byName(shop.pods("app=web"));
        change("patched", "busybox:1.28", "first");

        Command rollout = pillion("rollout", "deploy/web", "-n", shop.namespace(), "--yes", "--timeout=60s");

        assertThat(rollout.orFail())
                .contains("1 to update in place", "container patched gets busybox:1.28 instead of busybox:1.37")
                .endsWith("1 of 1 workload up to date\n");
        Map<String, Pod> after = byName(shop.pods("app=web"));
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, pod) -> {
            ContainerStatus app = status(after.get(name), "app");
            assertThat(app.getRestartCount()).isZero();
            assertThat(app.getContainerID()).isEqualTo(status(pod, "app").getContainerID());
            assertThat(app.getState().getRunning())
                    .isEqualTo(status(pod, "app").getState().getRunning());
            ContainerStatus sidecar = status(after.get(name), "patched");
            assertThat(sidecar.getImage()).endsWith("busybox:1.28");
            assertThat(sidecar.getContainerID())
                    .isNotEqualTo(status(pod, "patched").getContainerID());
            assertThat(Sandbox.isReady(after.get(name))).isTrue();
        });
        assertThat(explain(shop, "deploy/web").orFail()).contains("up to date").doesNotContain("was changed");
        assertThat(pillion("rollout", "deploy/web", "-n", shop.namespace()).orFail())
                .isEqualTo("no selected workload has Pods with missing or outdated companions\n");
    }

    private void write(String profile, String image, String level) throws IOException {
        Path part = profiles.resolve(profile + ".part");
        Files.writeString(part, PROFILE.formatted(profile, image, level));
        Files.move(part, profiles.resolve(profile + ".yaml"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Changes a profile, and waits until Pillion uses it. */
    private void change(String profile, String image, String level) throws IOException {
        write(profile, image, level);
        String label = image.startsWith("$") ? "broken" : "probe";
        String expected = image.startsWith("$") ? "busybox:missing" : image;
        String probe = """
                apiVersion: v1
                kind: Pod
                metadata: {name: probe, labels: {app: %s}, annotations: {pillion.dev/inject: %s}}
                spec: {containers: [{name: app, image: app}]}
                """.formatted(label, profile);
        await("Pillion uses the changed profile").atMost(SOON).until(() -> {
            String pod = shop.rehearse(probe).output();
            return pod.contains("image: " + expected + "\n") && pod.contains("value: " + level + "\n");
        });
    }

    private static void awaitRollout(Sandbox sandbox, String deployment) {
        sandbox.kubectl("rollout", "status", "deployment/" + deployment, "--timeout=60s")
                .orFail();
    }

    private static Pod onlyPod(Sandbox sandbox, String app) {
        List<Pod> pods = sandbox.pods("app=" + app).stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
        assertThat(pods).hasSize(1);
        return pods.getFirst();
    }

    private static Map<String, Pod> byName(List<Pod> pods) {
        return pods.stream().collect(Collectors.toMap(pod -> pod.getMetadata().getName(), Function.identity()));
    }

    private static ContainerStatus status(Pod pod, String container) {
        return Stream.concat(
                        pod.getStatus().getInitContainerStatuses().stream(),
                        pod.getStatus().getContainerStatuses().stream())
                .filter(status -> status.getName().equals(container))
                .findFirst()
                .orElseThrow();
    }

    private Command audit(Sandbox sandbox) {
        return pillion("audit", "-n", sandbox.namespace());
    }

    private Command explain(Sandbox sandbox, String workload) {
        return pillion("explain", workload, "-n", sandbox.namespace());
    }

    private Command pillion(String... arguments) {
        List<String> line =
                new ArrayList<>(List.of(Environment.ROOT.resolve("pillion").toString()));
        line.addAll(List.of(arguments));
        line.addAll(List.of(
                "--kubeconfig=" + Environment.KUBECONFIG,
                "--profiles=" + profiles,
                "--native-sidecars=" + (Environment.NATIVE_SIDECARS ? "native" : "container")));
        return Command.run(line);
    }
}
