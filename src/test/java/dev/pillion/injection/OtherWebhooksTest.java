package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.injection.uninject.Uninjector;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.yaml.Seeds;
import dev.pillion.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Other webhooks remove parts of an injected Pod and add parts. A second pass restores the additions, the companions keep their order, and
 * uninjecting restores the original Pod with the parts of the other webhooks.
 */
class OtherWebhooksTest {

    private static final String PREFIX = "other-webhook-";
    private static final List<String> CASES = List.of(
            "all-of-them",
            "backup-of-a-statefulsets-volume",
            "config-reload-of-mounted-configuration",
            "env-beside-the-applications-own",
            "file-sync-from-a-bucket",
            "git-sync-over-https",
            "log-shipper-beside-logging",
            "logging-below-the-applications-volume",
            "logging-in-chosen-containers",
            "logging-shares-the-applications-own-volume",
            "migrate-after-the-database-is-available",
            "prefetch-before-own-init-containers",
            "proxy-in-front-of-http",
            "sub-path-by-expression",
            "wait-for-a-job-and-pods",
            "wait-for-before-own-init-containers",
            "wait-for-each-scheme");

    @Test
    void haveNoEffectOnTheCompanionsAndOnUninjecting() {
        List<JsonNode> pods = CASES.stream().map(OtherWebhooksTest::pod).toList();
        Seeds.each(400, random -> new OtherWebhook(random, random.nextBoolean())
                .check(pods.get(random.nextInt(pods.size()))));
    }

    private static final Trial READS_THE_APP = Trial.annotated("pillion.dev/inject: a")
            .withProfiles(Trial.profile(
                    "a", "sidecars: [{name: a, image: 'a:1', args: ['${string(size(app.?ports.orValue([])))}']}]"));

    /** The status of a manifest does not show whether the Pod is being admitted, so the first call records that it is. */
    @Test
    void haveNoEffectOnTheCompanionsOfAnInjectedManifest() {
        Trial.Result manifest = READS_THE_APP.injectedManifest();

        Trial.Result admitted = manifest.again().injected();
        ObjectNode pod = admitted.pod().deepCopy();
        ((ArrayNode) pod.at("/spec/containers/0/ports")).insertObject(0).put("containerPort", 9999);
        ((ObjectNode) pod.at("/spec/initContainers/0")).put("image", "mirror.example.com/a:1");

        assertThat(admitted.patch().operations()).hasSize(1);
        assertThat(admitted.pod().path("spec")).isEqualTo(manifest.pod().path("spec"));
        assertThat(admitted.status().has("manifest")).isFalse();
        assertThat(admitted.plan().warnings()).isEmpty();
        assertThat(admitted.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        assertThat(manifest.trial().again(pod).unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
    }

    /** A change of the template before the Pod is created is no change by another webhook. */
    @Test
    void areNotConfusedWithAChangeOfTheInjectedManifest() {
        Trial.Result manifest = READS_THE_APP.injectedManifest();
        ObjectNode edited = manifest.pod().deepCopy();
        ((ArrayNode) edited.at("/spec/containers/0/ports")).insertObject(0).put("containerPort", 9999);

        Trial.Result admitted = manifest.trial().again(edited).injected();

        assertThat(admitted.annotation("pillion.dev/status").asText()).doesNotContain("\"manifest\"");
        assertThat(admitted.warnings())
                .containsExactly("injected again, because the Pod has changed since it was injected");
        assertThat(admitted.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
    }

    private static final Trial FILE_READS_A_LABEL =
            Trial.annotated("pillion.dev/inject: a").withProfiles(Trial.profile("a", """
            sidecars:
              - name: a
                image: a:1
                args: ["${pod.?metadata.labels.team.orValue('none')}"]
                files: [{path: /etc/a/team, content: "${pod.?metadata.labels.team.orValue('none')}"}]
            """));

    /** A file and its container come from the same rendering. */
    @Test
    void haveNoEffectOnTheFilesOfACompanionThatStays() {
        Trial.Result first = FILE_READS_A_LABEL.injected();
        ObjectNode pod = first.pod().deepCopy();
        pod.withObject("/metadata/labels").put("team", "payments");

        assertThat(first.trial().again(pod).unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
    }

    @Test
    void causeTheFilesOfARemovedCompanionToBeRenderedWithIt() {
        Trial.Result first = FILE_READS_A_LABEL.injected();
        ObjectNode pod = first.pod().deepCopy();
        pod.withObject("/metadata/labels").put("team", "payments");
        ((ArrayNode) pod.at("/spec/initContainers")).removeAll();

        Trial.Result second = first.trial().again(pod).injected();

        assertThat(second.annotation("pillion.dev/file.a.0").asText()).isEqualTo("payments");
        assertThat(second.container("a").at("/args/0").asText()).isEqualTo("payments");
        assertThat(second.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
    }

    @Test
    void causeAnInjectedManifestWithAnotherLabelToBeRenderedAsAWhole() {
        Trial.Result manifest = FILE_READS_A_LABEL.injectedManifest();
        ObjectNode pod = manifest.pod().deepCopy();
        pod.withObject("/metadata/labels").put("team", "payments");

        Trial.Result second = manifest.trial().again(pod).injected();

        assertThat(second.annotation("pillion.dev/file.a.0").asText()).isEqualTo("payments");
        assertThat(second.container("a").at("/args/0").asText()).isEqualTo("payments");
    }

    private record OtherWebhook(Random random, boolean natively) {

        void check(JsonNode original) throws Exception {
            JsonNode first = pass(original);
            ObjectNode edited = first.deepCopy();
            for (int times = 1 + random.nextInt(4); times > 0; times--) {
                edit(edited);
            }

            JsonNode restored = pass(edited);

            assertThat(decide(restored)).as("a third pass over %s", restored).isInstanceOf(Unchanged.class);
            assertThat(names(restored, "initContainers")).isEqualTo(names(first, "initContainers"));
            assertThat(names(restored, "containers")).isEqualTo(names(first, "containers"));
            assertThat(names(restored, "volumes")).containsExactlyInAnyOrderElementsOf(names(first, "volumes"));
            assertThat(withoutInsertions(Uninjector.uninject(Pod.of(restored), CatalogReader.builtIn())
                            .pod()))
                    .as("uninjected from %s", restored)
                    .isEqualTo(withoutInsertions(original));
        }

        private JsonNode pass(JsonNode pod) throws Exception {
            return switch (decide(pod)) {
                case Injected(var _, var patch) -> Oracles.apply(patch, pod);
                case Unchanged _ -> pod;
                case Decision.Denied(Reason reason, var _, var _, var _) ->
                    throw new AssertionError(reason + " for " + pod);
            };
        }

        private Decision decide(JsonNode pod) throws Exception {
            return new Injector(InjectionSettings.defaults().withNativeSidecars(natively))
                    .decide(Pod.of(pod), Namespace.named("shop"), CatalogReader.builtIn());
        }

        private void edit(ObjectNode pod) {
            JsonNode status = Trial.yaml(
                    pod.at("/metadata/annotations/pillion.dev~1status").asText());
            JsonNode spec = pod.path("spec");
            ObjectNode app = any(spec.path("containers")).orElseThrow();
            switch (random.nextInt(8)) {
                case 0 -> remove(spec.path("initContainers"), status.path("initContainers"), "name");
                case 1 -> remove(spec.path("containers"), status.path("containers"), "name");
                case 2 -> remove(spec.path("volumes"), status.path("volumes"), "name");
                case 3 -> remove(app.path("env"), status.path("env").path(name(app)), "name");
                case 4 ->
                    remove(app.path("volumeMounts"), status.path("volumeMounts").path(name(app)), "mountPath");
                case 5 -> insert(spec.path("initContainers"), "image");
                case 6 -> insert(spec.path("volumes"), "newKind");
                default ->
                    any(spec.path("initContainers"))
                            .ifPresent(container -> container.put(
                                    "image", "mirror/" + container.path("image").asText()));
            }
        }

        private void remove(JsonNode list, JsonNode listed, String key) {
            if (!listed.isEmpty()) {
                String name = listed.get(random.nextInt(listed.size())).asText();
                for (Iterator<JsonNode> each = list.iterator(); each.hasNext(); ) {
                    if (each.next().path(key).asText().equals(name)) {
                        each.remove();
                    }
                }
            }
        }

        private void insert(JsonNode list, String field) {
            if (list instanceof ArrayNode array) {
                array.insertObject(random.nextInt(array.size() + 1))
                        .put("name", PREFIX + random.nextInt(1_000))
                        .put(field, "x");
            }
        }

        private Optional<ObjectNode> any(JsonNode list) {
            return list.isEmpty() ? Optional.empty() : Optional.of((ObjectNode) list.get(random.nextInt(list.size())));
        }
    }

    private static String name(JsonNode container) {
        return container.path("name").asText();
    }

    private static List<String> names(JsonNode pod, String list) {
        return pod.path("spec")
                .path(list)
                .valueStream()
                .map(OtherWebhooksTest::name)
                .filter(name -> !name.startsWith(PREFIX))
                .toList();
    }

    /** Removes the insertions of other webhooks, their mirror, and lists that are empty afterwards. */
    private static JsonNode withoutInsertions(JsonNode tree) {
        JsonNode copy = tree.deepCopy();
        clean(copy);
        return copy;
    }

    private static void clean(JsonNode node) {
        if (node instanceof ArrayNode array) {
            for (Iterator<JsonNode> each = array.iterator(); each.hasNext(); ) {
                if (name(each.next()).startsWith(PREFIX)) {
                    each.remove();
                }
            }
        }
        node.forEach(OtherWebhooksTest::clean);
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                if (field.getValue() instanceof ContainerNode<?> owner && owner.isEmpty()) {
                    object.remove(field.getKey());
                } else if (field.getKey().equals("image")) {
                    object.put("image", field.getValue().asText().replace("mirror/", ""));
                }
            }
        }
    }

    private static JsonNode pod(String name) {
        try {
            return YamlReader.read(Files.readString(Path.of("src/test/resources/cases", name, "pod.yaml")))
                    .getFirst()
                    .tree();
        } catch (Exception e) {
            throw new IllegalStateException(name, e);
        }
    }
}
