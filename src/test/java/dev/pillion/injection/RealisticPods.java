package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.reason.Annotations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Random Pods that an API server accepts, with fields that decisions depend on, and requests for built-in profiles. */
final class RealisticPods {

    /** Profiles with values for their required parameters. */
    private static final Map<String, List<Map<String, String>>> PROFILES = profiles();

    private static final Map<String, JsonNode> PIECES = new ConcurrentHashMap<>();

    private static final List<String> RESTRICTED = List.of(
            "{allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}",
            "{allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}, readOnlyRootFilesystem: true}",
            "{allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, runAsUser: 1000, runAsGroup: 3000, runAsNonRoot: true}");

    private static final List<String> UNRESTRICTED = List.of(
            "{}",
            "{privileged: true}",
            "{runAsUser: 0}",
            "{runAsUser: 1000}",
            "{capabilities: {add: [SYS_ADMIN]}}",
            "{procMount: Default, readOnlyRootFilesystem: true}");

    private static final List<String> RESTRICTED_VOLUMES = List.of(
            "{emptyDir: {}}",
            "{emptyDir: {medium: Memory, sizeLimit: 64Mi}}",
            "{configMap: {name: settings, optional: true}}",
            "{secret: {secretName: keys, items: [{key: a, path: b/c}]}}",
            "{projected: {sources: [{configMap: {name: a}}, {serviceAccountToken: {path: token, audience: vault}}]}}",
            "{downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}",
            "{persistentVolumeClaim: {claimName: data}}",
            "{csi: {driver: secrets-store.csi.k8s.io, readOnly: true}}",
            "{ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}");

    private static final List<String> OTHER_VOLUMES =
            List.of("{hostPath: {path: /var/log, type: Directory}}", "{nfs: {server: files.example.com, path: /}}");

    private static final List<String> DIRECTORIES = List.of(
            "/data",
            "/data/",
            "/data/conf",
            "/var/log/app",
            "/var/log",
            "/var/log/nginx/",
            "/etc/app",
            "/srv",
            "/cache",
            "var/run/app");

    private static final List<String> ENVIRONMENT = List.of(
            "{name: A, value: '1'}",
            "{name: B, value: $(A)-$(POD_NAME)}",
            "{name: LEVEL, value: ''}",
            "{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}",
            "{name: PASSWORD, valueFrom: {secretKeyRef: {name: keys, key: password}}}",
            "{name: FLAG, valueFrom: {configMapKeyRef: {name: settings, key: flag, optional: true}}}",
            "{name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}");

    private static final List<String> PROBES = List.of(
            "{httpGet: {path: /healthz, port: 8080}}",
            "{httpGet: {path: /, port: http, httpHeaders: [{name: Host, value: a}]}, periodSeconds: 3}",
            "{tcpSocket: {port: 8080}, initialDelaySeconds: 1}",
            "{exec: {command: ['true']}, timeoutSeconds: 9}",
            "{grpc: {port: 8080, service: a}}");

    private static final List<String> RESOURCES = List.of(
            "{}",
            "{requests: {cpu: 100m, memory: 64Mi}}",
            "{requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 200m, memory: 64Mi}}",
            "{limits: {cpu: '1', memory: 1Gi, ephemeral-storage: 1Gi}}");

    /** Fields of a Pod's spec. Each is valid in every Pod of this class. */
    private static final List<String> SPECS = List.of(
            "{terminationGracePeriodSeconds: 5}",
            "{automountServiceAccountToken: false}",
            "{serviceAccountName: builder}",
            "{activeDeadlineSeconds: 600}",
            "{shareProcessNamespace: true}",
            "{hostname: web-0, subdomain: web}",
            "{dnsPolicy: None, dnsConfig: {nameservers: [192.0.2.1], searches: [example.com]}}",
            "{nodeSelector: {kubernetes.io/os: linux}}",
            "{os: {name: linux}}",
            "{schedulingGates: [{name: example.com/wait}]}",
            "{imagePullSecrets: [{name: registry}]}",
            "{tolerations: [{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 3}]}",
            "{hostAliases: [{ip: 127.0.0.1, hostnames: [a.local]}]}",
            "{enableServiceLinks: false}",
            "{readinessGates: [{conditionType: example.com/ready}]}",
            "{affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}]}}}",
            "{topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]}",
            "{hostUsers: false}",
            "{resources: {requests: {cpu: '8', memory: 16Gi}, limits: {cpu: '8', memory: 16Gi}}}",
            "{resources: {requests: {cpu: 10m, memory: 1Gi}, limits: {cpu: '8', memory: 16Gi}}}");

    private final Random random;
    private final boolean restricted;
    private final ObjectNode pod = (ObjectNode) yaml("{apiVersion: v1, kind: Pod}");
    private final ObjectNode spec = JsonNodeFactory.instance.objectNode();
    private final List<String> volumes = new ArrayList<>();
    private boolean hostNetwork;

    private RealisticPods(Random random) {
        this.random = random;
        this.restricted = chance(60);
    }

    /** A Pod that in most cases meets the restricted Pod Security Standard. */
    static ObjectNode pod(Random random) {
        return new RealisticPods(random).pod();
    }

    private ObjectNode pod() {
        ObjectNode metadata = pod.putObject("metadata").put(chance(50) ? "name" : "generateName", "web-0");
        metadata.putObject("labels").put("app", "web");
        request(metadata.putObject("annotations"));
        volumes();
        security();
        // The usual order of fields.
        ArrayNode initContainers = JsonNodeFactory.instance.arrayNode();
        ArrayNode containers = JsonNodeFactory.instance.arrayNode();
        int ports = 8080;
        for (String name : some(List.of("prepare", "own-sidecar", "migrate-own"), 30)) {
            ObjectNode container = container(name, ports++, initContainers);
            container.remove(List.of("readinessProbe", "livenessProbe", "startupProbe", "lifecycle"));
            if (name.equals("own-sidecar")) {
                container.put("restartPolicy", "Always");
            }
        }
        for (String name : atLeastOne(List.of("web", "worker", "istio-proxy", "app-2", "log-tailer", "proxy"))) {
            container(name, ports++, containers);
        }
        if (!initContainers.isEmpty()) {
            spec.set("initContainers", initContainers);
        }
        spec.set("containers", containers);
        some(SPECS, 10).forEach(fields -> spec.setAll((ObjectNode) yaml(fields)));
        if (chance(15)) {
            spec.put("restartPolicy", chance(50) ? "OnFailure" : "Never");
        }
        pod.set("spec", spec);
        return pod;
    }

    private void request(ObjectNode annotations) {
        List<String> profiles = some(new ArrayList<>(PROFILES.keySet()), 25);
        annotations.put(Annotations.INJECT, String.join(",", profiles));
        for (String profile : profiles) {
            pick(PROFILES.get(profile))
                    .forEach((parameter, value) -> annotations.put(Annotations.parameter(profile, parameter), value));
        }
        if (chance(10)) {
            annotations.put(Annotations.SAFE_TO_EVICT, "volume-0");
        }
    }

    private void volumes() {
        List<String> sources = new ArrayList<>(some(RESTRICTED_VOLUMES, 30));
        if (!restricted) {
            sources.addAll(some(OTHER_VOLUMES, 20));
        }
        if (!sources.isEmpty() || chance(20)) {
            ArrayNode list = spec.putArray("volumes");
            for (String source : sources) {
                String name = "volume-" + volumes.size();
                volumes.add(name);
                list.addObject().put("name", name).setAll((ObjectNode) yaml(source));
            }
        }
    }

    private void security() {
        if (restricted) {
            spec.set("securityContext", yaml("{runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}"));
        } else if (chance(30)) {
            spec.set(
                    "securityContext",
                    yaml(pick(List.of("{fsGroup: 2000}", "{runAsUser: 1000, supplementalGroups: [5]}", "{}"))));
        }
        if (!restricted && chance(15)) {
            spec.put(pick(List.of("hostPID", "hostIPC")), true);
        }
        if (!restricted && chance(15)) {
            spec.put("hostNetwork", true);
            hostNetwork = true;
        }
    }

    private ObjectNode container(String name, int port, ArrayNode list) {
        ObjectNode container = list.addObject()
                .put("name", name)
                .put("image", pick(List.of("nginx", "app:1", "registry.example.com/a/b@sha256:" + "0".repeat(64))));
        ObjectNode web =
                container.putArray("ports").addObject().put("name", "http").put("containerPort", port);
        if (hostNetwork && chance(50)) {
            web.put("hostPort", port);
        }
        if (chance(20)) {
            container
                    .withArray("ports")
                    .addObject()
                    .put("containerPort", port + 1000)
                    .put("protocol", "UDP");
        } else if (chance(20)) {
            container.remove("ports");
        }
        container.set("securityContext", yaml(pick(restricted ? RESTRICTED : UNRESTRICTED)));
        if (chance(50)) {
            container.set("resources", yaml(pick(RESOURCES)));
        }
        if (chance(60)) {
            ArrayNode env = container.putArray("env");
            env.add(yaml("{name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}"));
            some(ENVIRONMENT, 30).forEach(variable -> env.add(yaml(variable)));
        }
        if (chance(20)) {
            container.putArray("envFrom").add(yaml("{prefix: P_, configMapRef: {name: settings}}"));
        }
        mounts(container);
        if (container.has("ports")) {
            some(List.of("readinessProbe", "livenessProbe", "startupProbe"), 25)
                    .forEach(probe -> container.set(probe, yaml(pick(PROBES))));
        }
        if (chance(10)) {
            container.set("lifecycle", yaml("{preStop: {sleep: {seconds: 3}}}"));
        }
        if (chance(20)) {
            container.put("workingDir", "/srv").put("imagePullPolicy", "IfNotPresent");
        }
        return container;
    }

    private void mounts(ObjectNode container) {
        Set<String> taken = new TreeSet<>();
        ArrayNode mounts = JsonNodeFactory.instance.arrayNode();
        for (String volume : some(volumes, 60)) {
            String directory = pick(DIRECTORIES);
            if (taken.add(directory)) {
                ObjectNode mount = mounts.addObject().put("name", volume).put("mountPath", directory);
                maybe(20, () -> mount.put("readOnly", true));
                maybe(10, () -> mount.put("subPath", "a/b"));
                if (container.has("env") && !mount.has("subPath")) {
                    maybe(15, () -> mount.put("subPathExpr", "$(POD_NAME)/x"));
                }
                maybe(10, () -> mount.put("mountPropagation", "HostToContainer"));
                if (container.at("/securityContext/privileged").asBoolean()) {
                    maybe(20, () -> mount.put("mountPropagation", "Bidirectional"));
                }
            }
        }
        if (!mounts.isEmpty()) {
            container.set("volumeMounts", mounts);
        }
    }

    /** There are few texts, and each is part of many Pods, so the results are cached. */
    private static JsonNode yaml(String text) {
        return PIECES.computeIfAbsent(text, Trial::yaml).deepCopy();
    }

    private void maybe(int percent, Runnable action) {
        if (chance(percent)) {
            action.run();
        }
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private <T> List<T> some(List<T> from, int percent) {
        return from.stream().filter(each -> chance(percent)).toList();
    }

    private <T> List<T> atLeastOne(List<T> from) {
        List<T> some = some(from, 40);
        return some.isEmpty() ? from.subList(0, 1) : some;
    }

    /** The required parameters of the profiles, for some with alternative values. */
    private static Map<String, List<Map<String, String>>> profiles() {
        Map<String, Map<String, String>> required = new TreeMap<>();
        BuiltInArgumentsTest.REQUIRED.forEach(
                (place, value) -> required.computeIfAbsent(place.split("/", 2)[0], profile -> new TreeMap<>())
                        .put(place.split("/", 2)[1], value));
        Map<String, List<Map<String, String>>> profiles = new TreeMap<>();
        required.forEach((profile, parameters) -> profiles.put(profile, List.of(parameters)));
        profiles.put(
                "logging",
                List.of(
                        Map.of(),
                        Map.of("path", "/var/log/nginx"),
                        Map.of("path", "/data"),
                        Map.of("path", "/opt/logs")));
        profiles.put("proxy", List.of(Map.of(), Map.of("port", "8081"), Map.of("protocol", "tcp")));
        profiles.put(
                "wait-for",
                List.of(
                        Map.of("targets", "db:5432"),
                        Map.of("targets", "http://a/x?y=1, grpc://b:1, dns://c, job/d, pod/e=f")));
        profiles.put(
                "env",
                List.of(
                        Map.of("variables", "LEVEL=debug"),
                        Map.of("variables", "{\"A\": \"$(POD_NAME)\", \"NEW_1\": \"é\"}")));
        return profiles;
    }
}
