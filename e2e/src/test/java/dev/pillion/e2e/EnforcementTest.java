package dev.pillion.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * In a strict namespace, the API server admits every unchanged injected Pod, with all additions of its admission plug-ins, and refuses Pods
 * whose companion was changed.
 */
@ExtendWith(Stage.class)
class EnforcementTest {

    /** The status lists the mount, so /mutate refuses the Pod before /validate is called. */
    private static final String LATER_VOLUME = "the app writes elsewhere";

    /** The label that selects the enforced profile of a namespace. */
    private static final String LABEL = "e2e.pillion.dev/enforced";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** By profile: the other fields of its entry in the policy. */
    private static final Map<String, String> ENFORCED = new LinkedHashMap<>(Map.ofEntries(
            Map.entry("backup", "parameters: {repository: 'rest:http://backup/shop', secret: backup}"),
            Map.entry("config-reload", "parameters: {directories: /data/conf, port: 8080}"),
            Map.entry("env", "parameters: {variables: {MODE: strict}}"),
            Map.entry("file-sync", "parameters: {remote: 'store:bucket', secret: rclone}"),
            Map.entry("git-sync", "parameters: {repo: 'https://git.example.com/site.git'}"),
            Map.entry("log-shipper", "parameters: {endpoint: 'http://otel:4318'}"),
            Map.entry("logging", "parameters: {}"),
            Map.entry("metrics", "parameters: {endpoint: 'http://otel:4318'}"),
            Map.entry("migrate", "parameters: {command: ./migrate}"),
            Map.entry("permissions", "parameters: {mode: '0770'}"),
            Map.entry(
                    "prefetch",
                    "parameters: {url: 'https://files.example.com/model.bin', sha256: '" + "0".repeat(64) + "'}"),
            Map.entry("proxy", "acceptedGuards: []"),
            Map.entry("wait-for", "parameters: {targets: 'db:5432, dns://cache, http://auth/'}")));

    /** The policies of this test, for the shared catalog. */
    static String policies() {
        return ENFORCED.entrySet().stream()
                .map(each -> """
                        apiVersion: pillion.dev/v1alpha1
                        kind: InjectionPolicy
                        metadata: {name: e2e-enforces-%1$s}
                        spec:
                          mode: Enforce
                          match: {namespaceSelector: {matchLabels: {%2$s: %1$s}}}
                          profiles: [{name: %1$s, %3$s}]
                        """.formatted(each.getKey(), LABEL, each.getValue()))
                .collect(Collectors.joining("---\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "backup, backup",
        "config-reload, config-reload",
        "env, MODE",
        "file-sync, file-sync-first",
        "git-sync, git-sync-first",
        "log-shipper, log-shipper",
        "logging, log-tailer",
        "metrics, metrics",
        "migrate, migrate",
        "permissions, permissions",
        "prefetch, prefetch",
        "proxy, envoy",
        "wait-for, wait-for-db"
    })
    void anUnchangedPodIsAdmitted(String profile, String trace, Sandbox sandbox) throws Exception {
        enforce(sandbox, profile, trace);
        limit(sandbox);

        JsonNode pod = JSON.readTree(dryRun(sandbox, pod("{}")).orFail());

        assertThat(pod.at("/spec/volumes").toString())
                .as("the token is mounted")
                .contains("kube-api-access-");
        assertThat(pod.toString()).as("the LimitRange added its default").contains("\"ephemeral-storage\":\"1Gi\"");
        Command replayed = dryRun(sandbox, pod.toString());
        assertThat(replayed.exitCode()).as(replayed.errors()).isZero();
    }

    @Test
    void aPodWithAnEnforcedCompanionRuns(Sandbox sandbox) {
        enforce(sandbox, "logging", "log-tailer");

        sandbox.create(pod("{}"));

        assertThat(Manifests.names(sandbox.awaitReady("app"))).contains("log-tailer");
    }

    @Test
    void anEnforcedPermissionsCompanionSetsTheOwner(Sandbox sandbox) {
        enforce(sandbox, "permissions", "permissions");

        sandbox.create(pod("{}"));

        sandbox.awaitReady("app");
        assertThat(sandbox.exec("app", "app", "stat", "-c", "%a", "/data")).isEqualTo("770\n");
    }

    @Test
    void aPodWhoseCompanionWasChangedIsRefused(Sandbox sandbox) throws Exception {
        enforce(sandbox, "logging", "log-tailer");
        JsonNode injected = JSON.readTree(dryRun(sandbox, pod("{}")).orFail());
        assertThat(dryRun(sandbox, injected.toString()).exitCode()).isZero();

        SoftAssertions softly = new SoftAssertions();
        changes().forEach((name, change) -> {
            ObjectNode pod = injected.deepCopy();
            change.accept(pod);
            Command created = sandbox.tryToCreate(pod.toString());
            softly.assertThat(created.errors())
                    .as(name)
                    .contains(
                            name.equals(LATER_VOLUME)
                                    ? "policy e2e-enforces-logging requests profile 'logging', but the Pod has changed since it was injected, and the mount at /var/log/app of container app cannot be removed"
                                    : "denied the request: policy 'e2e-enforces-logging' enforces 'logging', and ");
        });
        softly.assertAll();
        assertThat(sandbox.pod("app")).isNull();
    }

    private static Map<String, Consumer<ObjectNode>> changes() {
        Map<String, Consumer<ObjectNode>> changes = new LinkedHashMap<>();
        changes.put(
                "a command", pod -> tailer(pod).putArray("command").add("sleep").add("infinity"));
        changes.put("an argument", pod -> tailer(pod).withArray("/args").add("more"));
        changes.put("LD_PRELOAD", pod -> tailer(pod)
                .withArray("/env")
                .addObject()
                .put("name", "LD_PRELOAD")
                .put("value", "a"));
        changes.put("a hook", pod -> tailer(pod)
                .withObject("/lifecycle/postStart/exec")
                .putArray("command")
                .add("true"));
        changes.put("a liveness probe", pod -> tailer(pod)
                .withObject("/livenessProbe/exec")
                .putArray("command")
                .add("false"));
        changes.put("a startup probe", pod -> tailer(pod)
                .withObject("/startupProbe/exec")
                .putArray("command")
                .add("false"));
        changes.put("a capability", pod -> tailer(pod)
                .withObject("/securityContext/capabilities")
                .putArray("add")
                .add("SYS_PTRACE"));
        changes.put("root", pod -> tailer(pod)
                .withObject("/securityContext")
                .put("runAsNonRoot", false)
                .put("runAsUser", 0));
        changes.put("next to no CPU", pod -> {
            tailer(pod).withObject("/resources/limits").put("cpu", "1m");
            tailer(pod).withObject("/resources/requests").put("cpu", "1m");
        });
        changes.put(
                "a limit of what is requested by nobody",
                pod -> tailer(pod).withObject("/resources/limits").put("ephemeral-storage", "1"));
        changes.put(
                "a part of the volume", pod -> ((ObjectNode) tailer(pod).at("/volumeMounts/0")).put("subPath", "x"));
        changes.put("a second mount", pod -> mount(pod, "/var/log/app/"));
        changes.put("a mount below", pod -> mount(pod, "/var/log/app/below"));
        changes.put("a mount over /bin", pod -> mount(pod, "/bin"));
        changes.put("envFrom", pod -> tailer(pod)
                .withArray("/envFrom")
                .addObject()
                .putObject("configMapRef")
                .put("name", "m"));
        changes.put("no pull", pod -> tailer(pod).put("imagePullPolicy", "Never"));
        changes.put("another volume", pod -> pod.withArray("/spec/volumes").forEach(volume -> {
            if (volume.path("name").asText().equals("pillion-var-log-app")) {
                ((ObjectNode) volume).putObject("emptyDir").put("medium", "Memory");
            }
        }));
        changes.put(
                LATER_VOLUME, pod -> pod.at("/spec/containers/0/volumeMounts").forEach(mount -> {
                    if (mount.path("name").asText().equals("pillion-var-log-app")) {
                        ((ObjectNode) mount).put("name", "data");
                    }
                }));
        changes.put("one process namespace", pod -> pod.withObject("/spec").put("shareProcessNamespace", true));
        return changes;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "proxy|envoy|{}|ports: [{containerPort: 15006}]|its guard 'same-port' would skip it",
                "proxy|envoy|{proxy.pillion.dev/port: '15006'}||does not let Pods set 'port'",
                "proxy|envoy|{proxy.pillion.dev/listen: '8080'}||does not let Pods set 'listen'",
                "backup|backup|{backup.pillion.dev/path: /elsewhere}||does not let Pods set 'path'",
                "backup|backup|{}|volumeMounts: [{name: data, mountPath: /other}]|its guard 'no-volume' would skip it",
                "config-reload|config-reload|{}|volumeMounts: [{name: data, mountPath: /other}]|its guard 'not-mounted' would skip it",
                "env|MODE|{}|env: [{name: MODE, value: lax}]|variable MODE in container app differs from the profile",
                "logging|log-tailer|{logging.pillion.dev/user: '0'}||does not let Pods set 'user'"
            })
    void aPodThatPreventsAnEnforcedCompanionIsRefused(
            String profile, String trace, String annotations, String fields, String message, Sandbox sandbox) {
        enforce(sandbox, profile, trace);
        String pod = pod(annotations);
        if (fields != null) {
            String field = fields.substring(0, fields.indexOf(':'));
            pod = pod.replaceFirst("(?m)^      " + field + ": .*$", "      " + fields);
            assertThat(pod).contains(fields);
        }

        Command created = sandbox.tryToCreate(pod);

        assertThat(created.errors()).contains("denied the request").contains(message);
        assertThat(sandbox.pod("app")).isNull();
    }

    private static void mount(ObjectNode pod, String directory) {
        tailer(pod).withArray("/volumeMounts").addObject().put("name", "data").put("mountPath", directory);
    }

    private static ArrayNode tailers(ObjectNode pod) {
        return pod.withArray(Environment.NATIVE_SIDECARS ? "/spec/initContainers" : "/spec/containers");
    }

    private static ObjectNode tailer(ObjectNode pod) {
        for (JsonNode container : tailers(pod)) {
            if (container.path("name").asText().equals("log-tailer")) {
                return (ObjectNode) container;
            }
        }
        throw new AssertionError("no log-tailer in " + pod);
    }

    /** @param trace text that a Pod contains as soon as Pillion knows the labels of the namespace */
    private static void enforce(Sandbox sandbox, String profile, String trace) {
        sandbox.label(LABEL + "=" + profile);
        sandbox.label("pillion.dev/enforcement=strict");
        await("Pillion has heard of the labels")
                .atMost(Duration.ofMinutes(3))
                .until(() -> dryRun(sandbox, pod("{}")).output().contains(trace));
    }

    private static void limit(Sandbox sandbox) {
        sandbox.create("""
                apiVersion: v1
                kind: LimitRange
                metadata: {name: limits}
                spec:
                  limits:
                    - type: Container
                      default: {cpu: 500m, memory: 256Mi, ephemeral-storage: 1Gi}
                      defaultRequest: {cpu: 20m, memory: 32Mi, ephemeral-storage: 16Mi}
                """);
        await("the LimitRange is known")
                .atMost(Duration.ofMinutes(3))
                .until(() -> dryRun(sandbox, pod("{}")).output().contains("ephemeral-storage"));
    }

    private static Command dryRun(Sandbox sandbox, String manifest) {
        return Command.run(
                java.util.List.of(
                        "kubectl",
                        "--namespace=" + sandbox.namespace(),
                        "create",
                        "--filename=-",
                        "--dry-run=server",
                        "--output=json"),
                manifest);
    }

    private static String pod(String annotations) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: app, annotations: %s}
                spec:
                  terminationGracePeriodSeconds: 1
                  volumes: [{name: data, emptyDir: {}}]
                  containers:
                    - name: app
                      image: busybox:1.37
                      command: [sleep, "3600"]
                      env: [{name: OTHER, value: a}]
                      ports: [{containerPort: 8080}]
                      volumeMounts: [{name: data, mountPath: /data}]
                """.formatted(annotations);
    }
}
