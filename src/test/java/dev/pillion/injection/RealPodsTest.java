package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Pod;
import dev.pillion.pod.Workload;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Pod of the repository passes the oracles: unusual Pods, examples, and Pods in recorded reviews. */
public class RealPodsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Injector natively = new Injector(InjectionSettings.defaults());
    private final Injector plainly = new Injector(InjectionSettings.defaults().withNativeSidecars(false));

    public record Case(String name, JsonNode pod) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("pods")
    void passTheOraclesWithNativeSidecars(Case pod) throws Exception {
        Oracles.check(natively, Pod.of(pod.pod()), catalog());
    }

    @ParameterizedTest
    @MethodSource("pods")
    void passTheOraclesWithPlainSidecars(Case pod) throws Exception {
        Oracles.check(plainly, Pod.of(pod.pod()), catalog());
    }

    @ParameterizedTest
    @MethodSource("pods")
    void areStableAfterChangesOfOtherWebhooks(Case pod) throws Exception {
        Optional<Pod> injected = Oracles.check(natively, Pod.of(pod.pod()), catalog());
        if (injected.isPresent()) {
            JsonNode meddled = withChangesOfOtherWebhooks(injected.get().tree());

            Optional<Pod> again = Oracles.check(natively, Pod.of(meddled), catalog());

            assertThat(again).isPresent();
            assertThat(again.get().containers())
                    .hasSize(injected.get().containers().size() + 1);
            assertThat(again.get().initContainers())
                    .hasSameSizeAs(injected.get().initContainers());
        }
    }

    /** The changes of a registry mirror, of a mesh and of the API server. */
    private static JsonNode withChangesOfOtherWebhooks(JsonNode pod) {
        ObjectNode tree = pod.deepCopy();
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : tree.path("spec").path(list)) {
                ObjectNode changed = (ObjectNode) container;
                changed.put("image", "mirror.example/" + container.path("image").asText());
                changed.put("terminationMessagePath", "/dev/termination-log");
                if (changed.path("env").isArray()) {
                    ((ArrayNode) changed.path("env"))
                            .insertObject(0)
                            .put("name", "MESH_ID")
                            .put("value", "mesh1");
                }
                if (changed.path("volumeMounts").isArray()) {
                    ((ArrayNode) changed.path("volumeMounts"))
                            .addObject()
                            .put("name", "kube-api-access-x1")
                            .put("mountPath", "/var/run/secrets/kubernetes.io/serviceaccount");
                }
            }
        }
        if (tree.path("spec").path("containers").isArray()) {
            ((ArrayNode) tree.path("spec").path("containers"))
                    .insertObject(0)
                    .put("name", "istio-proxy")
                    .put("image", "istio/proxyv2:1.24.0");
        }
        return tree;
    }

    @Test
    void keepFifteenHundredVariables() throws Exception {
        ObjectNode pod = (ObjectNode) yaml(Path.of("examples/myapp-pod.yaml")).getFirst();
        ArrayNode env = ((ObjectNode) pod.path("spec").path("containers").get(0)).putArray("env");
        for (int index = 0; index < 1_500; index++) {
            env.addObject().put("name", "VARIABLE_" + index).put("value", "value " + index);
        }

        Pod injected = Oracles.check(natively, Pod.of(pod), catalog()).orElseThrow();

        assertThat(injected.containers().getFirst().environment())
                .hasSize(1_501)
                .contains("FIRSTNAME", "VARIABLE_1499");
    }

    public static Stream<Case> pods() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (Path file : files("src/test/resources/pods")) {
            cases.add(new Case(file.getFileName().toString(), yaml(file).getFirst()));
        }
        for (Path file : files("examples")) {
            for (JsonNode manifest : yaml(file)) {
                Workload.of(manifest)
                        .ifPresent(workload ->
                                cases.add(new Case(file.getFileName().toString(), workload.podTree())));
            }
        }
        for (Path file : files("src/test/resources/reviews")) {
            JsonNode request = JSON.readTree(Files.readString(file)).path("request");
            if (request.path("kind").path("kind").asText().equals("Pod")
                    && request.path("object").isObject()) {
                cases.add(new Case(file.getFileName().toString(), request.path("object")));
            }
        }
        assertThat(cases).hasSizeGreaterThan(60);
        return cases.stream();
    }

    private static List<Path> files(String directory) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static List<JsonNode> yaml(Path file) {
        try {
            return YamlReader.read(Files.readString(file)).stream()
                    .map(Document::tree)
                    .toList();
        } catch (Exception e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }

    private static Catalog catalog() throws Exception {
        return Catalogs.EXAMPLES;
    }

    private static final class Catalogs {
        static final Catalog EXAMPLES = read();

        private static Catalog read() {
            try {
                return CatalogReader.read(Path.of("examples/profiles"));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
