package dev.pillion.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Pods that are large in one dimension or in several, as an app team could write them to overload Pillion. */
final class LargePods {

    /** Profiles of a platform team. The Pod determines their lists, names and values. */
    static final String PROFILES = """
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionProfile
            metadata: {name: each}
            spec:
              description: One sidecar for each element, with all that the app's container has.
              parameters:
                - {name: elements, type: list, default: []}
                - {name: text, type: string, default: x}
              sidecars:
                - name: each-${element}
                  forEach: {element: "${params.elements}"}
                  image: example/each:1
                  inherit: [env, envFrom, volumeMounts]
                  env:
                    - {name: TEXT, value: "${params.text}"}
                    - {name: MORE, value: "${params.text} and ${params.text}"}
                  args: "${params.elements}"
            ---
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionProfile
            metadata: {name: wide}
            spec:
              description: Adds as many things of each kind as the Pod lists.
              parameters:
                - {name: elements, type: list, default: []}
              app:
                volumeMounts: "${params.elements.map(e, {'name': 'wide', 'mountPath': '/wide/' + e})}"
                envFrom: "${params.elements.map(e, {'configMapRef': {'name': e}})}"
              volumes:
                - {name: wide, emptyDir: {}}
              pod:
                imagePullSecrets: "${params.elements.map(e, {'name': e})}"
            ---
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionProfile
            metadata: {name: spread}
            spec:
              description: Adds to a list of the Pod's spec.
              pod:
                topologySpreadConstraints:
                  - {topologyKey: k, whenUnsatisfiable: ScheduleAnyway, maxSkew: 1}
            ---
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionProfile
            metadata: {name: curious}
            spec:
              description: Looks at all of the Pod.
              parameters:
                - {name: text, type: string, default: x}
                - {name: other, type: string, default: "y"}
              skipWhen:
                - name: pairs
                  expression: pod.spec.containers.exists(a, pod.spec.containers.exists(b, a.name != b.name && a.name + b.name == 'x'))
                  message: two containers have a letter together
                - name: found
                  expression: params.text.replace('x', params.other).contains('nowhere') || params.text.indexOf(params.other) > 1000000
                  message: the text has the other one in it
              sidecars:
                - name: curious
                  image: example/curious:1
                  args: ["${params.text.split('').join(params.other)}"]
            """;

    /** Policies that enforce the profiles that the Pods of the test request. */
    static final String POLICY = """
            ---
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionPolicy
            metadata: {name: all}
            spec:
              mode: Enforce
              match: {}
              profiles: [{name: logging}, {name: each}, {name: wide}]
            """;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private LargePods() {}

    /** The dimensions of a Pod. Each adds about the given number of bytes of JSON. */
    enum Dimension {
        CONTAINERS {
            @Override
            void enlarge(Draft pod, int bytes) {
                addContainers(pod.list("containers"), "c", bytes);
            }
        },
        INIT_CONTAINERS {
            @Override
            void enlarge(Draft pod, int bytes) {
                addContainers(pod.list("initContainers"), "i", bytes);
            }
        },
        LONG_CONTAINER_NAME {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.list("containers").addObject().put("name", "n".repeat(bytes));
            }
        },
        CHOSEN_CONTAINERS {
            @Override
            void enlarge(Draft pod, int bytes) {
                String names = list(bytes / 6, index -> "c" + index);
                pod.annotations().put("pillion.dev/containers", names);
            }
        },
        LONG_CHOSEN_CONTAINER {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.annotations().put("pillion.dev/containers", "m" + "n".repeat(bytes));
            }
        },
        OWN_VARIABLES {
            @Override
            void enlarge(Draft pod, int bytes) {
                for (int index = 0; index < bytes / 28; index++) {
                    pod.appList("env").addObject().put("name", "V" + index).put("value", "1");
                }
            }
        },
        ADDED_VARIABLES {
            @Override
            void enlarge(Draft pod, int bytes) {
                String variables = list(bytes / 8, index -> "V" + index + "=2");
                pod.request("env").put("env.pillion.dev/variables", variables);
            }
        },
        LONG_VARIABLE_NAME {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.request("env").put("env.pillion.dev/variables", "V".repeat(bytes) + "=2");
            }
        },
        LONG_VARIABLE_VALUE {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.request("env").put("env.pillion.dev/variables", "V=" + "v".repeat(bytes));
            }
        },
        MOUNTS {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.request("logging");
                for (int index = 0; index < bytes / 44; index++) {
                    pod.appList("volumeMounts")
                            .addObject()
                            .put("name", "v" + index)
                            .put("mountPath", (index % 2 == 0 ? "/var/log/app/" : "/wide/e") + index);
                }
            }
        },
        VOLUMES {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.request("logging");
                for (int index = 0; index < bytes / 30; index++) {
                    pod.list("volumes").addObject().put("name", "v" + index).putObject("emptyDir");
                }
            }
        },
        ANNOTATIONS {
            @Override
            void enlarge(Draft pod, int bytes) {
                for (int index = 0; index < bytes / 24; index++) {
                    pod.annotations().put("example.com/a" + index, "x");
                }
            }
        },
        LABELS {
            @Override
            void enlarge(Draft pod, int bytes) {
                for (int index = 0; index < bytes / 24; index++) {
                    pod.labels().put("example.com/a" + index, "x");
                }
            }
        },
        TARGETS {
            @Override
            void enlarge(Draft pod, int bytes) {
                String targets = list(bytes / 7, index -> "h" + index % 9 + ":" + (1 + index % 65_000));
                pod.annotations().put("pillion.dev/wait-for", targets);
            }
        },
        LONG_SELECTOR {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.annotations().put("pillion.dev/wait-for", "pod/a=b" + ",a=b".repeat(bytes / 4));
            }
        },
        LONG_URL {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.request("prefetch").put("prefetch.pillion.dev/url", "https://x.example/" + "a".repeat(bytes));
                pod.annotations().put("prefetch.pillion.dev/sha256", "0".repeat(64));
                pod.annotations().put("prefetch.pillion.dev/file", "f");
            }
        },
        DEEP_PATH {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.request("logging").put("logging.pillion.dev/path", "/a".repeat(bytes / 2));
            }
        },
        LIST_PARAMETER {
            @Override
            void enlarge(Draft pod, int bytes) {
                String elements = list(bytes / 6, index -> "e" + index);
                pod.request("each").put("each.pillion.dev/elements", elements);
                pod.request("wide").put("wide.pillion.dev/elements", elements);
            }
        },
        SOME_ELEMENTS {
            @Override
            void enlarge(Draft pod, int bytes) {
                String elements = list(Math.min(bytes / 6, 100), index -> "e" + index);
                pod.request("each").put("each.pillion.dev/elements", elements);
                pod.request("wide").put("wide.pillion.dev/elements", elements);
            }
        },
        LONG_TEXT {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.request("each").put("each.pillion.dev/text", "x".repeat(bytes));
                pod.request("curious").put("curious.pillion.dev/text", "x".repeat(bytes / 2) + "!");
                pod.annotations().put("curious.pillion.dev/other", "x".repeat(bytes / 4) + "?");
            }
        },
        SUB_PATH_REFERENCES {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.request("logging");
                StringBuilder expression = new StringBuilder();
                for (int index = 0; index < bytes / 36; index++) {
                    pod.appList("env").addObject().put("name", "R" + index).put("value", "1");
                    expression.append("$(R").append(index).append(')');
                }
                pod.appList("volumeMounts")
                        .addObject()
                        .put("name", "data")
                        .put("mountPath", "/var/log")
                        .put("subPathExpr", expression.toString());
            }
        },
        SUB_PATH_CHAIN {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.request("logging");
                int length = bytes / 38;
                for (int index = 0; index < length; index++) {
                    pod.appList("env")
                            .addObject()
                            .put("name", "R" + index)
                            .put("value", "$(R" + (index + 1) % length + ")");
                }
                pod.appList("volumeMounts")
                        .addObject()
                        .put("name", "data")
                        .put("mountPath", "/var/log/app")
                        .put("subPathExpr", "$(R0)");
            }
        },
        NESTING {
            @Override
            void enlarge(Draft pod, int bytes) {
                for (int at = 0; at < bytes; at += 90 * 6) {
                    ObjectNode map = pod.list("future").addObject();
                    for (int depth = 0; depth < 90; depth++) {
                        map = map.putObject("a");
                    }
                }
            }
        },
        SMALL_NODES {
            @Override
            void enlarge(Draft pod, int bytes) {
                for (int index = 0; index < bytes / 4; index++) {
                    pod.appList("args").add("a");
                }
            }
        },
        FORGED_STATUS {
            @Override
            void enlarge(Draft pod, int bytes) {
                ObjectNode status = NODES.objectNode();
                for (int index = 0; index < bytes / 150; index++) {
                    status.withArray("/containers").add("c" + index);
                    status.withArray("/initContainers").add("i" + index);
                    status.withArray("/volumes").add("v" + index);
                    status.withArray("/absent").add("x" + index);
                    status.withObject("/env").withArray("/web").add("V" + index);
                    status.withObject("/envFrom").withArray("/web").addObject().put("x", index);
                    status.withObject("/volumeMounts").withArray("/web").add("/wide/e" + index);
                }
                pod.annotations().put("pillion.dev/status", status.toString());
                pod.request("logging");
            }
        },
        FORGED_RECORD {
            @Override
            void enlarge(Draft pod, int bytes) {
                ObjectNode status = NODES.objectNode();
                for (String profile : List.of("logging", "env", "wait-for", "proxy")) {
                    status.withObject("/profiles").putObject(profile).put("generation", "x");
                }
                for (int index = 0; index < bytes / 300; index++) {
                    String name = "c" + index;
                    ObjectNode container =
                            pod.list("containers").addObject().put("name", name).put("image", "i");
                    container
                            .putArray("volumeMounts")
                            .addObject()
                            .put("name", "v")
                            .put("mountPath", "/wide");
                    container.putArray("env").addObject().put("name", "V");
                    status.withArray("/containers").add("wait-for-" + index);
                    status.withObject("/env").putArray(name).add("V");
                    status.withObject("/env").putArray("gone" + index).add("V").add("W");
                    status.withObject("/volumeMounts").putArray(name).add("/wide");
                    status.withArray("/annotations").add("pillion.dev/file." + index);
                    pod.annotations().put("pillion.dev/file." + index, "");
                }
                pod.annotations().put("pillion.dev/status", status.toString());
                pod.request("logging");
            }
        },
        COLLIDING_NAMES {
            @Override
            void enlarge(Draft pod, int bytes) {
                for (int index = 0; index < bytes / 520; index++) {
                    String name = colliding(index);
                    pod.labels().put(name, "");
                    pod.annotations().put(name, "");
                    pod.list("volumes").addObject().put("name", name);
                    pod.appList("env").addObject().put("name", name);
                    pod.appList("volumeMounts").addObject().put("name", name).put("mountPath", "/var/log/app/" + name);
                    pod.list("containers").addObject().put("name", name).put("image", "i");
                }
            }
        },
        COLLIDING_PORTS {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.request("proxy");
                for (int index = 0; index < bytes / 62; index++) {
                    pod.appList("ports").addObject().put("containerPort", 80).put("name", colliding(index));
                }
            }
        },
        COLLIDING_CONSTRAINTS {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.request("spread");
                for (int index = 0; index < bytes / 90; index++) {
                    pod.list("topologySpreadConstraints")
                            .addObject()
                            .put("topologyKey", "k")
                            .put("whenUnsatisfiable", "ScheduleAnyway")
                            .put("nodeTaintsPolicy", colliding(index));
                }
            }
        },
        FORGED_ELEMENTS {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.request("spread");
                ObjectNode status = NODES.objectNode();
                status.withObject("/profiles").putObject("spread").put("generation", "x");
                ArrayNode elements = status.withObject("/podElements").putArray("/spec/topologySpreadConstraints");
                for (int index = 0; index < bytes / 40; index++) {
                    elements.add(colliding(index));
                }
                pod.annotations().put("pillion.dev/status", status.toString());
            }
        },
        FORGED_MOUNTS {
            @Override
            void enlarge(Draft pod, int bytes) {
                pod.request("logging");
                ObjectNode status = NODES.objectNode();
                status.withObject("/profiles").putObject("logging").put("generation", "x");
                ArrayNode mounts = status.withObject("/volumeMounts").putArray("web");
                for (int index = 0; index < bytes / 200; index++) {
                    String path = "/var/log/app/" + colliding(index);
                    mounts.add(path);
                    pod.appList("volumeMounts").addObject().put("name", "v").put("mountPath", path + "/b");
                    pod.appList("volumeMounts").addObject().put("name", "v").put("mountPath", path);
                }
                pod.annotations().put("pillion.dev/status", status.toString());
            }
        },
        FORGED_TEXTS {
            @Override
            void enlarge(Draft pod, int bytes) {
                ObjectNode status = NODES.objectNode();
                status.withObject("/profiles").putObject("logging").put("generation", "x");
                ArrayNode texts = status.withObject("/appended/web").putArray("V");
                for (int index = 0; index < bytes / 32; index++) {
                    texts.addObject().put("text", "a");
                }
                ArrayNode others = status.withObject("/appended/web").putArray("W");
                others.addObject().put("text", "a ".repeat(bytes / 8) + "b");
                pod.appList("env").addObject().put("name", "V").put("value", "a".repeat(bytes / 4));
                pod.appList("env").addObject().put("name", "W").put("value", "a ".repeat(bytes / 6));
                pod.annotations().put("pillion.dev/status", status.toString());
            }
        },
        EVICTABLE {
            @Override
            void enlarge(Draft pod, int bytes) {
                String names = list(bytes / 6, index -> "v" + index);
                pod.request("logging").put("cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes", names);
            }
        },
        SOURCES_OF_VARIABLES {
            @Override
            void enlarge(Draft pod, int bytes) {
                for (int index = 0; index < bytes / 34; index++) {
                    pod.appList("envFrom").addObject().putObject("configMapRef").put("name", "e" + (index + 50));
                }
            }
        },
        ALL_PROFILES {
            @Override
            void enlarge(Draft pod, int bytes) {
                for (String profile : new String[] {"logging", "env", "proxy", "metrics", "log-shipper", "curious"}) {
                    pod.request(profile);
                }
                pod.annotations().put("log-shipper.pillion.dev/endpoint", "http://collector:4318");
                pod.annotations().put("metrics.pillion.dev/endpoint", "http://collector:4318");
            }
        };

        abstract void enlarge(Draft pod, int bytes);
    }

    private static void addContainers(ArrayNode containers, String prefix, int bytes) {
        for (int index = 0; index < bytes / 32; index++) {
            containers.addObject().put("name", prefix + index).put("image", "i");
        }
    }

    /** The list form of annotations. */
    private static String list(int count, IntFunction<String> element) {
        return IntStream.range(0, count).mapToObj(element).collect(Collectors.joining(","));
    }

    /** {@code Aa} and {@code BB} have the same hash, and so have all texts that consist of them. */
    private static String colliding(int number) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < 16; bit++) {
            text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }

    /** A review of a Pod that is large in these dimensions. The bytes are divided among them. */
    static byte[] review(Set<Dimension> dimensions, int bytes) {
        Draft draft = new Draft();
        dimensions.forEach(dimension -> dimension.enlarge(draft, bytes / dimensions.size()));
        return review(draft.finished());
    }

    static byte[] review(JsonNode pod) {
        ObjectNode review =
                NODES.objectNode().put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request")
                .put("uid", "705ab4f5-6393-11e8-b7cc-42010a800002")
                .put("operation", "CREATE")
                .put("namespace", "shop");
        request.putObject("resource").put("group", "").put("version", "v1").put("resource", "pods");
        request.set("object", pod);
        return review.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    static final class Draft {

        private final ObjectNode tree =
                NODES.objectNode().put("apiVersion", "v1").put("kind", "Pod");
        private final ObjectNode metadata = tree.putObject("metadata").put("name", "large");
        private final ObjectNode spec = tree.putObject("spec");
        private final ObjectNode app;
        private final java.util.Set<String> requested = new java.util.LinkedHashSet<>();

        private Draft() {
            app = list("containers").addObject().put("name", "web").put("image", "nginx");
            app.putArray("ports").addObject().put("containerPort", 8080);
            request("logging");
        }

        ObjectNode annotations() {
            return metadata.withObject("/annotations");
        }

        ObjectNode labels() {
            return metadata.withObject("/labels");
        }

        ArrayNode list(String field) {
            return spec.withArray("/" + field);
        }

        ArrayNode appList(String field) {
            return app.withArray("/" + field);
        }

        ObjectNode request(String profile) {
            requested.add(profile);
            annotations().put("pillion.dev/inject", String.join(",", requested));
            return annotations();
        }

        ObjectNode finished() {
            if (requested.contains("env") && !annotations().has("env.pillion.dev/variables")) {
                annotations().put("env.pillion.dev/variables", "A=1");
            }
            return tree;
        }
    }

    static Set<Dimension> pair(Dimension one, Dimension other) {
        return EnumSet.of(one, other);
    }
}
