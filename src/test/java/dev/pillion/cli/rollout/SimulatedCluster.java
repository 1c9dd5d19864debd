package dev.pillion.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.Run;
import dev.pillion.cluster.StubApiServer;
import dev.pillion.cluster.StubApiServer.Response;
import dev.pillion.injection.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An API server with workloads, in namespace shop, whose Pods need the profile logging. A restart replaces the Pods of a workload at once, as the
 * controllers and the webhook would do.
 */
final class SimulatedCluster implements AutoCloseable {

    static final Map<String, String> TYPES = Map.of(
            "Deployment", "/apis/apps/v1/namespaces/shop/deployments",
            "StatefulSet", "/apis/apps/v1/namespaces/shop/statefulsets",
            "DaemonSet", "/apis/apps/v1/namespaces/shop/daemonsets");

    static final String PODS = "/api/v1/namespaces/shop/pods";

    private static final ObjectMapper JSON = new ObjectMapper();

    final StubApiServer server = new StubApiServer();
    private final Map<String, ObjectNode> workloads = new TreeMap<>();
    private final Map<String, ObjectNode> pods = new TreeMap<>();
    final Path profiles;
    private String requested = "logging";
    private Consumer<Workload> controller = Workload::replacePods;
    private Consumer<ObjectNode> kubelet = SimulatedCluster::restartContainers;
    private Consumer<ObjectNode> resizingKubelet = SimulatedCluster::applyResources;

    /** @param directory for the profiles of the cluster */
    SimulatedCluster(Path directory) throws IOException {
        profiles = Files.createDirectory(directory.resolve("profiles"));
        String namespace = "{\"metadata\": {\"name\": \"shop\", \"labels\": {\"team\": \"shop\"}}}";
        server.on("/version", "{\"gitVersion\": \"v1.36.0\"}")
                .on("/api/v1/namespaces/shop", namespace)
                .on("/api/v1/namespaces?limit=500", "{\"items\": [" + namespace + "]}")
                .on("/api/v1/pods?limit=500", () -> list(pods.values()))
                .on("/api/v1/namespaces/shop/pods?limit=500", () -> list(pods.values()));
        TYPES.forEach((kind, path) -> {
            server.on(path + "?limit=500", () -> list(ofKind(kind)));
            server.on(path.replace("/namespaces/shop", "") + "?limit=500", () -> list(ofKind(kind)));
        });
        enforce("logging");
    }

    /** Makes a policy for each of these profiles require it for all Pods. */
    void enforce(String... names) {
        String policies = Stream.of(names).map("""
                {"apiVersion": "pillion.dev/v1alpha1", "kind": "InjectionPolicy",
                 "metadata": {"name": "must-%1$s", "generation": 1},
                 "spec": {"mode": "Enforce", "match": {"namespaceSelector": {"matchLabels": {"team": "shop"}}},
                          "profiles": [{"name": "%1$s"}]}}
                """::formatted).collect(Collectors.joining(","));
        server.on("/apis/pillion.dev/v1alpha1/injectionpolicies?limit=500", "{\"items\": [" + policies + "]}");
    }

    /** What the controllers do after a restart of a workload. */
    void onRestart(Consumer<Workload> reaction) {
        controller = reaction;
    }

    /** What the kubelet does after a change of a Pod. */
    void onChange(Consumer<ObjectNode> reaction) {
        kubelet = reaction;
    }

    /** What the kubelet does after a change of a Pod's resources. */
    void onResize(Consumer<ObjectNode> reaction) {
        resizingKubelet = reaction;
    }

    /** New Pods request these profiles. */
    void request(String names) {
        requested = names;
    }

    /** Replaces the profile logging by one in which texts are replaced: each by the next one. */
    void changeProfile(String... texts) throws IOException {
        String profile = Files.readString(Path.of("src/main/resources/profiles/logging.yaml"));
        for (int index = 0; index < texts.length; index += 2) {
            assertThat(profile).contains(texts[index]);
            profile = profile.replace(texts[index], texts[index + 1]);
        }
        Files.writeString(profiles.resolve("logging.yaml"), profile);
        ObjectNode tree = (ObjectNode) Trial.yaml(profile);
        tree.withObject("/metadata").put("generation", 2);
        server.on("/apis/pillion.dev/v1alpha1/injectionprofiles?limit=500", "{\"items\": [" + tree + "]}");
    }

    private List<ObjectNode> ofKind(String kind) {
        return workloads.values().stream()
                .filter(workload -> workload.path("kind").asText().equals(kind))
                .toList();
    }

    private static Response list(Iterable<ObjectNode> items) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        items.forEach(list::add);
        return new Response(200, "{\"items\": " + list + "}");
    }

    /** Adds a workload of a kind with two ready Pods that lack their companion. */
    Workload add(String kind, String name) {
        return add(kind, name, false);
    }

    /** @param injected whether its Pods have the companion */
    Workload add(String kind, String name, boolean injected) {
        ObjectNode tree = parse("""
                {"apiVersion": "apps/v1", "kind": "%1$s",
                 "metadata": {"name": "%2$s", "namespace": "shop", "generation": 1, "labels": {"app": "%2$s"},
                              "annotations": {"deployment.kubernetes.io/revision": "1", "deprecated.daemonset.template.generation": "1"}},
                 "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "%2$s"}},
                          "template": {"metadata": {"labels": {"app": "%2$s"}}, "spec": {"containers": [{"name": "web", "image": "web"}]}}},
                 "status": {"observedGeneration": 1, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2, "readyReplicas": 2,
                            "desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 2,
                            "currentRevision": "r1", "updateRevision": "r1"}}
                """.formatted(kind, name));
        workloads.put(kind + "/" + name, tree);
        Workload workload = new Workload(tree);
        workload.createPods("1", injected);
        String path = TYPES.get(kind) + "/" + name;
        server.on(path, () -> new Response(200, tree.toString()))
                .on(
                        "/api/v1/namespaces/shop/pods?limit=500&labelSelector=app+in+%28" + name + "%29",
                        () -> list(workload.pods()))
                .on(
                        "/apis/apps/v1/namespaces/shop/replicasets?limit=500&labelSelector=app+in+%28" + name + "%29",
                        () -> list(workload.replicaSets()))
                .onPatch(path, body -> {
                    workload.restart(parse(body));
                    return new Response(200, tree.toString());
                });
        return workload;
    }

    Collection<ObjectNode> pods() {
        return pods.values();
    }

    /** Adds a Pod. */
    void add(ObjectNode pod) {
        String name = pod.path("metadata").path("name").asText();
        pods.put(name, pod);
        server.onPatch(PODS + "/" + name, body -> change(pod, parse(body), kubelet));
        server.onPatch(PODS + "/" + name + "/resize", body -> change(pod, parse(body), resizingKubelet));
    }

    private static Response change(ObjectNode pod, ObjectNode patch, Consumer<ObjectNode> reaction) {
        String version = pod.at("/metadata/resourceVersion").asText();
        if (!patch.at("/metadata/resourceVersion").asText().equals(version)) {
            return new Response(409, "{\"kind\": \"Status\", \"code\": 409}");
        }
        pod.withObject("/metadata").put("resourceVersion", version + "0");
        if (patch.at("/metadata/annotations") instanceof ObjectNode annotations) {
            pod.withObject("/metadata/annotations").setAll(annotations);
        }
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode changed : patch.at("/spec/" + list)) {
                for (JsonNode container : pod.at("/spec/" + list)) {
                    if (container.path("name").equals(changed.path("name"))) {
                        ((ObjectNode) container).setAll((ObjectNode) changed);
                    }
                }
            }
        }
        reaction.accept(pod);
        return new Response(200, pod.toString());
    }

    /** Gives all companions new containers that are ready. */
    static void restartContainers(ObjectNode pod) {
        for (JsonNode status : pod.at("/status/initContainerStatuses")) {
            ((ObjectNode) status).put("containerID", status.path("containerID").asText() + "x");
        }
    }

    /** Gives the running companions the resources of the Pod's spec. */
    static void applyResources(ObjectNode pod) {
        JsonNode resources = pod.at("/spec/initContainers/0/resources");
        ((ObjectNode) pod.at("/status/initContainerStatuses/0")).set("resources", resources);
        ((ObjectNode) pod.at("/status/initContainerStatuses/0")).set("allocatedResources", resources.path("requests"));
    }

    /** The result, in which all durations are {@code 0s}: they depend on the speed of the machine. */
    Run rollout(Path directory, String... arguments) throws IOException {
        Run run = Run.of(commandLine(directory, arguments));
        return new Run(run.code(), run.out().replaceAll("after \\d+s", "after 0s"), run.err());
    }

    String[] commandLine(Path directory, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(
                List.of("rollout", "--kubeconfig", server.kubeconfig(directory).toString()));
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }

    /** The changes that were requested, as the path of each. */
    List<String> patches() {
        return server.requests().stream()
                .filter(request -> request.startsWith("PATCH"))
                .map(request -> request.replaceAll("PATCH |\\?.*", ""))
                .toList();
    }

    static ObjectNode parse(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }

    /** A workload and its controller. */
    final class Workload {

        final ObjectNode tree;

        private Workload(ObjectNode tree) {
            this.tree = tree;
        }

        String name() {
            return tree.path("metadata").path("name").asText();
        }

        private String kind() {
            return tree.path("kind").asText();
        }

        ObjectNode spec() {
            return tree.withObject("/spec");
        }

        ObjectNode status() {
            return tree.withObject("/status");
        }

        List<ObjectNode> pods() {
            return pods.values().stream()
                    .filter(pod -> name().equals(pod.path("metadata")
                            .path("labels")
                            .path("app")
                            .asText()))
                    .toList();
        }

        /** A ReplicaSet for each revision, whose label is the number of the revision. */
        private List<ObjectNode> replicaSets() {
            List<ObjectNode> all = new ArrayList<>();
            for (int revision = 1; revision <= revision(); revision++) {
                all.add(parse("""
                        {"metadata": {"name": "%1$s-h%2$d", "namespace": "shop", "labels": {"app": "%1$s", "pod-template-hash": "h%2$d"},
                                      "annotations": {"deployment.kubernetes.io/revision": "%2$d"}}}
                        """.formatted(name(), revision)));
            }
            return all;
        }

        int revision() {
            return tree.at("/metadata/annotations/deployment.kubernetes.io~1revision")
                    .asInt();
        }

        private void restart(JsonNode patch) {
            spec().withObject("/template/metadata/annotations")
                    .setAll((ObjectNode) patch.at("/spec/template/metadata/annotations"));
            tree.withObject("/metadata")
                    .put("generation", tree.at("/metadata/generation").asInt() + 1);
            controller.accept(this);
        }

        /** Does what the controller does first: gives the new template a number, and deletes no Pod yet. */
        void observe() {
            int revision = revision() + 1;
            tree.withObject("/metadata/annotations")
                    .put("deployment.kubernetes.io/revision", "" + revision)
                    .put("deprecated.daemonset.template.generation", "" + revision);
            status().put("observedGeneration", tree.at("/metadata/generation").asInt())
                    .put("updatedReplicas", 0)
                    .put("updatedNumberScheduled", 0)
                    .put("updateRevision", "r" + revision);
        }

        /** Replaces all Pods by Pods with companions. */
        void replacePods() {
            observe();
            complete();
        }

        /** Ends a rollout that was observed. */
        void complete() {
            pods().forEach(pod -> pods.remove(pod.path("metadata").path("name").asText()));
            createPods(Integer.toString(revision()), true);
            status().put("updatedReplicas", 2)
                    .put("updatedNumberScheduled", 2)
                    .put("currentRevision", status().path("updateRevision").asText());
        }

        void createPods(String revision, boolean injected) {
            for (int number = 0; number < 2; number++) {
                createPod(number, revision, injected);
            }
        }

        /** Creates a ready Pod. */
        ObjectNode createPod(int number, String revision, boolean injected) {
            String owner = kind().equals("Deployment") ? name() + "-h" + revision : name();
            String manifest = """
                    apiVersion: v1
                    kind: Pod
                    metadata:
                      name: %1$s-%2$d
                      namespace: shop
                      creationTimestamp: "2026-01-01T00:00:00Z"
                      resourceVersion: "1"
                      labels: {app: %3$s, pod-template-hash: h%4$s, controller-revision-hash: r%4$s, pod-template-generation: "%4$s"}
                      annotations: {"pillion.dev/inject": "%6$s"}
                      ownerReferences: [{apiVersion: apps/v1, kind: %5$s, name: %1$s, uid: u, controller: true}]
                    spec: {containers: [{name: web, image: web}]}
                    status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
                    """.formatted(
                    owner, number, name(), revision, kind().equals("Deployment") ? "ReplicaSet" : kind(), requested);
            try {
                String command = injected ? "inject" : "uninject";
                Run run = Run.withInput(manifest, command, "--profiles", profiles.toString(), "-f", "-", "-o", "json");
                ObjectNode pod = (ObjectNode) run.documents().getFirst();
                pod.withObject("/metadata").put("uid", pod.at("/metadata/name").asText());
                if (injected) {
                    pod.withArray("/status/initContainerStatuses").add(parse("""
                            {"name": "log-tailer", "containerID": "c", "ready": true, "state": {"running": {}}}
                            """));
                }
                add(pod);
                return pod;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
