package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Pod;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random Pods pass the oracles. */
class GeneratedPodsTest {

    private static final int PODS = 2_000;
    private static final List<String> NAMES =
            List.of("web", "worker", "db", "istio-proxy", "log-tailer", "proxy", "wait-for-db", "a", "x-1");
    private static final List<String> DIRECTORIES = List.of(
            "/var/log",
            "/var/log/app",
            "/var/log/nginx",
            "/var/log/nginx/",
            "/var/log//app",
            "/data",
            "/",
            "/var/log/app/deep");
    private static final List<String> VOLUMES =
            List.of("data", "logs", "pillion-var-log-app", "log-volume", "kube-api-access-x");
    private static final List<String> WORDS =
            List.of("a", "~1", "a/b", "$(HOME)", "é✓🚀", "\"", "\\", "line\nline", "${x}", "");

    @Test
    void passTheOracles() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Catalog catalog = CatalogReader.read(Path.of("examples/profiles"));
        int injected = 0;
        for (int number = 0; number < PODS; number++) {
            Random random = new Random(seed + number);
            Injector injector = new Injector(InjectionSettings.defaults().withNativeSidecars(random.nextBoolean()));
            ObjectNode tree = new Generator(random).pod();
            try {
                Pod pod = Pod.of(tree);
                injected += Oracles.check(injector, pod, catalog)
                                .filter(result -> result != pod)
                                .isPresent()
                        ? 1
                        : 0;
            } catch (AssertionError | Exception e) {
                throw new AssertionError("run again with -Dseed=" + (seed + number) + "; the Pod was " + tree, e);
            }
        }
        assertThat(injected).as("most Pods are injected, seed %d", seed).isGreaterThan(PODS / 2);
    }

    /** Pods that an API server accepts, and some that are not valid. */
    private record Generator(Random random) {

        ObjectNode pod() {
            ObjectNode pod = JsonNodeFactory.instance
                    .objectNode()
                    .put("apiVersion", "v1")
                    .put("kind", "Pod");
            ObjectNode metadata = pod.putObject("metadata").put("name", "generated");
            addRequest(metadata.putObject("annotations"));
            if (chance(30)) {
                metadata.putObject("labels").put("app/~" + pick(WORDS).hashCode(), "x");
            } else if (chance(10)) {
                metadata.putNull("labels");
            }
            ObjectNode spec = pod.putObject("spec");
            if (chance(70)) {
                ArrayNode volumes = spec.putArray("volumes");
                pickSome(VOLUMES)
                        .forEach(name ->
                                volumes.addObject().put("name", name).putObject(chance(50) ? "emptyDir" : "newKind"));
            } else if (chance(20)) {
                spec.putNull("volumes");
            }
            containers(spec.putArray("containers"), 1 + random.nextInt(3), "");
            if (chance(40)) {
                containers(spec.putArray("initContainers"), random.nextInt(3), "init-");
            }
            if (chance(10)) {
                spec.put("hostNetwork", true);
            }
            if (chance(20)) {
                spec.putObject("securityContext").put("runAsUser", random.nextInt(3) * 1_000);
            }
            if (chance(20)) {
                spec.putObject("futureField")
                        .put("x", 1L << 60)
                        .putArray("list")
                        .add(1.5)
                        .addNull();
            }
            return pod;
        }

        private void addRequest(ObjectNode annotations) {
            annotations.put(
                    "pillion.dev/inject",
                    String.join(
                            chance(50) ? "," : " , ",
                            pickSome(List.of("logging", "env", "proxy", "log-collector", "fluent-bit"))));
            annotations.put(
                    "env.pillion.dev/variables", chance(50) ? "FIRSTNAME=Piyush" : "{\"A\": \"1\", \"B\": \"$(A)\"}");
            annotations.put("fluent-bit.pillion.dev/host", "logs.example");
            if (chance(50)) {
                annotations.put(
                        "pillion.dev/wait-for",
                        String.join(
                                ", ",
                                pickSome(List.of(
                                        "db:5432", "dns://cache", "http://a/x?y=1", "grpc://g:1", "dns://db"))));
            }
            if (chance(50)) {
                annotations.put(
                        "logging.pillion.dev/path",
                        pick(List.of("/var/log/app", "/var/log/nginx", "/var/log", "/opt/Log Files")));
            }
            if (chance(20)) {
                annotations.put("proxy.pillion.dev/port", "8080");
            }
            if (chance(20)) {
                annotations.put(
                        "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes",
                        pick(List.of("", "data", "data, logs")));
            }
            annotations.put("example.com/~" + random.nextInt(3), pick(WORDS));
        }

        private void containers(ArrayNode list, int count, String prefix) {
            for (String name : pickSome(NAMES).stream().limit(count).toList()) {
                container(list.addObject().put("name", prefix + name).put("image", "app:1"));
            }
            if (list.isEmpty() && prefix.isEmpty()) {
                container(list.addObject().put("name", "app"));
            }
        }

        private void container(ObjectNode container) {
            if (chance(60)) {
                ArrayNode mounts = container.putArray("volumeMounts");
                for (String directory : pickSome(DIRECTORIES).stream().limit(2).toList()) {
                    ObjectNode mount =
                            mounts.addObject().put("name", pick(VOLUMES)).put("mountPath", directory);
                    if (chance(20)) {
                        mount.put("subPath", "sub/path");
                    } else if (chance(20)) {
                        mount.put("subPathExpr", "$(POD_NAME)/logs");
                    }
                    if (chance(20)) {
                        mount.put("readOnly", true);
                    }
                }
            } else if (chance(30)) {
                container.putArray("volumeMounts");
            }
            if (chance(60)) {
                ArrayNode env = container.putArray("env");
                env.addObject()
                        .put("name", "POD_NAME")
                        .putObject("valueFrom")
                        .putObject("fieldRef")
                        .put("fieldPath", "metadata.name");
                pickSome(List.of("A", "FIRSTNAME", "C"))
                        .forEach(name -> env.addObject().put("name", name).put("value", pick(WORDS)));
            } else if (chance(30)) {
                container.putNull("env");
            }
            if (chance(60)) {
                container.putArray("ports").addObject().put("containerPort", 8080);
            }
        }

        private boolean chance(int percent) {
            return random.nextInt(100) < percent;
        }

        private String pick(List<String> from) {
            return from.get(random.nextInt(from.size()));
        }

        private List<String> pickSome(List<String> from) {
            return from.stream().filter(each -> chance(40)).toList();
        }
    }
}
