package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final Duration SOON = Duration.ofMinutes(3);

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
                  resources: {requests: {cpu: 1m, memory: %4$s}, limits: {memory: %4$s}}
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

    /** The image depends on a parameter from the second generation on, and the variable differs only in one group of Pods. */
    private static final String FLEET = """
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionProfile
            metadata: {name: fleet}
            spec:
              description: Runs beside the app and does nothing.
              parameters: [{name: tag, type: string, default: "1.28"}]
              sidecars:
                - name: fleet
                  image: "busybox:%1$s"
                  command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.2; done"]
                  securityContext: {runAsUser: 65534}
                  env: [{name: LEVEL, value: "%2$s"}]
                  resources: {requests: {cpu: 1m, memory: 4Mi}}
            """;

    private static final String FLEET_WORKLOAD = """
            ---
            apiVersion: apps/v1
            kind: %1$s
            metadata: {name: %2$s}
            spec:
              %3$s
              selector: {matchLabels: {app: %2$s}}
              template:
                metadata: {labels: {app: %2$s, fleet: %4$s}, annotations: {pillion.dev/inject: fleet, fleet.pillion.dev/tag: "%5$s"}}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers: [{name: app, image: "busybox:1.37", command: [sleep, "3600"], resources: {requests: {cpu: 1m, memory: 4Mi}}}]
            """;

    /** In each of three namespaces. */
    private static final int IN_PLACE = 8;

    private static final int RESTARTED = 2;

    private Path profiles;
    private PillionProcess pillion;
    private WebhookConfiguration mutating;
    private Sandbox shop;
    private Sandbox bank;
    private Sandbox depot;

    @BeforeAll
    void startPillion(KubernetesClient client) throws Exception {
        profiles = Environment.temporaryDirectory("rollout");
        write("patched", "busybox:1.37", "first");
        write("resized", "busybox:1.37", "first", "16Mi");
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
        depot = Sandbox.open(client, Map.of(LABEL, "own"));
        shop.awaitWebhook();
    }

    @AfterAll
    void deleteAll() throws Exception {
        shop.close();
        bank.close();
        depot.close();
        mutating.close();
        pillion.close();
    }

    /** 30 Deployments in three namespaces, a StatefulSet and a DaemonSet. */
    @Test
    void bringsAFleetUpToDateAndContinuesAfterARepair() throws Exception {
        writeFleet("1.37", "first");
        awaitFleet("busybox:1.37", "first");
        for (Sandbox sandbox : sandboxes()) {
            sandbox.create(fleetOf(sandbox));
        }
        awaitReadyFleet();
        Map<String, Pod> before = fleet("in-place");
        writeFleet("${params.tag}", "${pod.metadata.?labels.?fleet.orValue('') == 'restarted' ? 'second' : 'first'}");
        awaitFleet("busybox:1.28", "second");

        Command planned = fleetRollout("--dry-run");
        Command stopped = fleetRollout("--yes", "--timeout=3m");

        assertThat(planned.orFail()).endsWith("32 workloads: 24 to update in place, 8 to restart\n");
        assertThat(stopped.exitCode()).isEqualTo(1);
        assertThat(stopped.output())
                .containsPattern("Deployment/broken in namespace " + bank.namespace()
                        + ": not ready after \\S+: its progress deadline is exceeded; Pod broken-\\S+: container fleet is"
                        + " waiting: (ErrImagePull|ImagePullBackOff)");
        Matcher counts = Pattern.compile("(\\d+) of 32 workloads up to date; (\\d+) not started")
                .matcher(stopped.output());
        assertThat(counts.find()).as(stopped.output()).isTrue();
        assertThat(Integer.parseInt(counts.group(1)) + Integer.parseInt(counts.group(2)))
                .isEqualTo(31);
        assertKeptRunning(before, fleet("in-place"));

        String repair = """
                {"spec": {"progressDeadlineSeconds": 600, "template": {"metadata": {"annotations": {"fleet.pillion.dev/tag": "1.28"}}}}}
                """;
        bank.kubectl("patch", "deployment", "broken", "--patch=" + repair).orFail();
        Command continued = fleetRollout("--yes", "--timeout=3m");

        assertThat(continued.orFail()).containsPattern("\n(\\d+) of \\1 workloads? up to date\n$");
        assertThat(fleet("restarted").values()).hasSize(3 * RESTARTED + 2).allSatisfy(pod -> assertThat(
                        hasSidecar(pod, "busybox:1.28", "second"))
                .as(pod.toString())
                .isTrue());
        assertThat(fleet("in-place").values()).allSatisfy(pod -> assertThat(hasSidecar(pod, "busybox:1.28", "first"))
                .as(pod.toString())
                .isTrue());
        assertThat(audit(depot).orFail()).contains("Pods: no findings");
        assertThat(fleetRollout().orFail())
                .isEqualTo("no Pod of the selected workloads lacks a companion or has an outdated one\n");
    }

    private List<Sandbox> sandboxes() {
        return List.of(shop, bank, depot);
    }

    private String fleetOf(Sandbox sandbox) {
        StringBuilder manifest = new StringBuilder();
        for (int index = 0; index < IN_PLACE; index++) {
            manifest.append(fleetMember("Deployment", "patched-" + index, "in-place", "1.28"));
        }
        for (int index = 0; index < RESTARTED; index++) {
            boolean broken = sandbox == bank && index == 0;
            manifest.append(fleetMember(
                    "Deployment", broken ? "broken" : "replaced-" + index, "restarted", broken ? "missing" : "1.28"));
        }
        if (sandbox == shop) {
            manifest.append(fleetMember("StatefulSet", "store", "restarted", "1.28"));
        }
        if (sandbox == depot) {
            manifest.append(fleetMember("DaemonSet", "agent", "restarted", "1.28"));
        }
        return manifest.toString();
    }

    private static String fleetMember(String kind, String name, String group, String tag) {
        String more =
                switch (kind) {
                    // So that the command stops long before its own timeout.
                    case "Deployment" -> name.equals("broken") ? "progressDeadlineSeconds: 20" : "replicas: 1";
                    case "StatefulSet" -> "serviceName: " + name;
                    default -> "updateStrategy: {type: RollingUpdate}";
                };
        return FLEET_WORKLOAD.formatted(kind, name, more, group, tag);
    }

    private void writeFleet(String tag, String level) throws IOException {
        Path part = profiles.resolve("fleet.part");
        Files.writeString(part, FLEET.formatted(tag, level));
        Files.move(part, profiles.resolve("fleet.yaml"), StandardCopyOption.REPLACE_EXISTING);
    }

    private void awaitFleet(String image, String level) {
        String probe = """
                apiVersion: v1
                kind: Pod
                metadata: {name: probe, labels: {fleet: restarted}, annotations: {pillion.dev/inject: fleet}}
                spec: {containers: [{name: app, image: app}]}
                """;
        await("Pillion uses the changed profile").atMost(SOON).until(() -> {
            String pod = shop.rehearse(probe).output();
            return pod.contains("image: " + image + "\n") && pod.contains("value: " + level + "\n");
        });
    }

    private void awaitReadyFleet() {
        await("the fleet is ready").atMost(Duration.ofMinutes(3)).until(() -> {
            List<Pod> pods = sandboxes().stream()
                    .flatMap(sandbox -> sandbox.pods("fleet").stream())
                    .toList();
            return pods.size() == 3 * (IN_PLACE + RESTARTED) + 2
                    && pods.stream().allMatch(Sandbox::isReady);
        });
    }

    /** The Pods of a group that are not being deleted, by their name and namespace. */
    private Map<String, Pod> fleet(String group) {
        return sandboxes().stream()
                .flatMap(sandbox -> sandbox.pods("fleet=" + group).stream())
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .collect(Collectors.toMap(
                        pod -> pod.getMetadata().getNamespace() + "/"
                                + pod.getMetadata().getName(),
                        Function.identity()));
    }

    /** The sidecars have other containers, and the apps have none that ended. */
    private static void assertKeptRunning(Map<String, Pod> before, Map<String, Pod> after) {
        assertThat(before).hasSize(3 * IN_PLACE);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        assertThat(after.values().stream()
                        .mapToInt(pod -> status(pod, "app").getRestartCount())
                        .sum())
                .isZero();
        before.forEach((name, pod) -> {
            assertKeptRunning("app", pod, after.get(name));
            assertThat(status(after.get(name), "fleet").getContainerID())
                    .isNotEqualTo(status(pod, "fleet").getContainerID());
        });
    }

    private static boolean hasSidecar(Pod pod, String image, String level) {
        return Stream.concat(pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
                .anyMatch(container -> container.getName().equals("fleet")
                        && container.getImage().equals(image)
                        && container.getEnv().getFirst().getValue().equals(level)
                        && Sandbox.isReady(pod));
    }

    private Command fleetRollout(String... options) {
        return pillion(Stream.concat(Stream.of("rollout", "--profile=fleet", "-A"), Stream.of(options))
                .toArray(String[]::new));
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
            assertKeptRunning("app", pod, after.get(name));
            ContainerStatus sidecar = status(after.get(name), "patched");
            assertThat(sidecar.getImage()).endsWith("busybox:1.28");
            assertThat(sidecar.getContainerID())
                    .isNotEqualTo(status(pod, "patched").getContainerID());
            assertThat(Sandbox.isReady(after.get(name))).isTrue();
        });
        assertThat(explain(shop, "deploy/web").orFail()).contains("up to date").doesNotContain("was changed");
        assertThat(pillion("rollout", "deploy/web", "-n", shop.namespace()).orFail())
                .isEqualTo("no Pod of the selected workloads lacks a companion or has an outdated one\n");
    }

    /** Each Pod has an app with a memory of its own. The kubelet must change the limit of the sidecar's cgroup. */
    @Test
    void appliesNewResourcesToTheLivePodsWhileAllContainersKeepRunning(KubernetesClient client) throws Exception {
        assumeThat(canResize(client)).isTrue();
        shop.create(DEPLOYMENT.formatted("sized", 2, "resized"));
        awaitRollout(shop, "sized");
        Map<String, Pod> before = byName(shop.pods("app=sized"));
        change("resized", "busybox:1.37", "first", "24Mi");

        Command rollout = pillion("rollout", "deploy/sized", "-n", shop.namespace(), "--yes", "--timeout=60s");

        assertThat(rollout.orFail())
                .contains(
                        "1 to update in place",
                        "container resized gets requests.memory 24Mi instead of 16Mi, limits.memory 24Mi instead of 16Mi")
                .doesNotContain("restarted")
                .endsWith("1 of 1 workload up to date\n");
        Map<String, Pod> after = byName(shop.pods("app=sized"));
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, pod) -> {
            for (String container : List.of("app", "resized")) {
                assertKeptRunning(container, pod, after.get(name));
            }
            assertThat(status(after.get(name), "resized")
                            .getResources()
                            .getLimits()
                            .get("memory")
                            .toString())
                    .isEqualTo("24Mi");
            assertThat(
                            shop.exec(
                                    name,
                                    "resized",
                                    "sh",
                                    "-c",
                                    "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null; true"))
                    .contains(Integer.toString(24 * 1024 * 1024));
        });
        assertThat(explain(shop, "deploy/sized").orFail())
                .contains("up to date")
                .doesNotContain("was changed");
        assertThat(pillion("rollout", "deploy/sized", "-n", shop.namespace()).orFail())
                .isEqualTo("no Pod of the selected workloads lacks a companion or has an outdated one\n");
    }

    @Test
    void restartsAWorkloadIfItsNodeCannotGiveTheResources(KubernetesClient client) throws Exception {
        assumeThat(canResize(client)).isTrue();
        write("oversized", "busybox:1.37", "first", "16Mi");
        awaitProfile("oversized", "busybox:1.37", "first", "16Mi");
        bank.create(DEPLOYMENT.formatted("large", 1, "oversized"));
        awaitRollout(bank, "large");
        change("oversized", "busybox:1.37", "first", "8Ti");

        Command rollout = pillion("rollout", "deploy/large", "-n", bank.namespace(), "--yes", "--timeout=10s");

        assertThat(rollout.exitCode()).isEqualTo(1);
        assertThat(rollout.output())
                // The API server of Kubernetes 1.36 rejects what an older one leaves to the kubelet.
                .containsPattern(
                        "cannot be updated in place: Pod large-\\S+: (the API server rejects the resize \\(403\\): .*allocatable"
                                + "|the kubelet does not apply the new resources \\(Infeasible: )")
                .contains("Deployment/large in namespace " + bank.namespace() + ": restarted\n")
                .contains("is not scheduled: ");
        bank.kubectl("delete", "deployment", "large").orFail();
    }

    /** Kubernetes has the subresource {@code resize} from 1.33 on. */
    private static boolean canResize(KubernetesClient client) {
        return Integer.parseInt(client.getKubernetesVersion().getMinor().replaceAll("\\D", "")) >= 33;
    }

    private static void assertKeptRunning(String container, Pod before, Pod after) {
        ContainerStatus then = status(before, container);
        ContainerStatus now = status(after, container);
        assertThat(now.getRestartCount()).isZero();
        assertThat(now.getContainerID()).isEqualTo(then.getContainerID());
        assertThat(now.getState().getRunning()).isEqualTo(then.getState().getRunning());
    }

    private void write(String profile, String image, String level) throws IOException {
        write(profile, image, level, "16Mi");
    }

    private void write(String profile, String image, String level, String memory) throws IOException {
        Path part = profiles.resolve(profile + ".part");
        Files.writeString(part, PROFILE.formatted(profile, image, level, memory));
        Files.move(part, profiles.resolve(profile + ".yaml"), StandardCopyOption.REPLACE_EXISTING);
    }

    private void change(String profile, String image, String level) throws IOException {
        change(profile, image, level, "16Mi");
    }

    /** Changes a profile, and waits until Pillion uses it. */
    private void change(String profile, String image, String level, String memory) throws IOException {
        write(profile, image, level, memory);
        awaitProfile(profile, image, level, memory);
    }

    private void awaitProfile(String profile, String image, String level, String memory) {
        String probe = """
                apiVersion: v1
                kind: Pod
                metadata: {name: probe, annotations: {pillion.dev/inject: %s}}
                spec: {containers: [{name: app, image: app}]}
                """.formatted(profile);
        await("Pillion uses the changed profile").atMost(SOON).until(() -> {
            String pod = shop.rehearse(probe).output();
            return pod.contains("image: " + image + "\n")
                    && pod.contains("value: " + level + "\n")
                    && pod.contains("memory: " + memory + "\n");
        });
    }

    private static void awaitRollout(Sandbox sandbox, String deployment) {
        sandbox.kubectl("rollout", "status", "deployment/" + deployment, "--timeout=60s")
                .orFail();
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
