package dev.pillion.injection;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.policy;
import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.uninject.Uninjector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An injected Pod with another request gets the result that the original Pod would get, or it is denied. */
class ChangedRequestTest {

    private static final String STATUS = "/metadata/annotations/pillion.dev~1status";

    /** Pairs of requests. */
    static List<Arguments> requests() {
        List<List<String>> requests = List.of(
                List.of("pillion.dev/inject: logging"),
                List.of("pillion.dev/inject: proxy"),
                List.of("pillion.dev/inject: logging", "logging.pillion.dev/path: /srv/log"),
                List.of("pillion.dev/inject: logging", "logging.pillion.dev/files: '*.txt'"),
                List.of("pillion.dev/inject: logging, env", "env.pillion.dev/variables: A=1"),
                List.of("pillion.dev/inject: env, logging", "env.pillion.dev/variables: A=1"),
                List.of("pillion.dev/inject: env", "env.pillion.dev/variables: A=2"),
                List.of("pillion.dev/wait-for: 'db:5432, cache:1'"),
                List.of("pillion.dev/wait-for: 'cache:1, db:5432'"),
                List.of("pillion.dev/inject: env", "env.pillion.dev/variables: A=1", "pillion.dev/containers: worker"),
                List.of("pillion.dev/inject: 'false'"),
                List.of("pillion.dev/inject: ''"),
                List.of("example.com/a: b"));
        List<Arguments> pairs = new ArrayList<>();
        for (List<String> first : requests) {
            for (List<String> second : requests) {
                if (first != second) {
                    pairs.add(Arguments.of(first, second));
                }
            }
        }
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("requests")
    void hasTheResultForTheOriginalPod(List<String> first, List<String> second) throws Exception {
        JsonNode expected = passed(pod(second));

        JsonNode actual = passed(requesting(second, passed(pod(first))));

        assertThat(actual).isEqualTo(expected);
        assertThat(Trial.of(actual).decide()).as("a third pass").isInstanceOf(Decision.Unchanged.class);
        assertThat(Trial.of(actual).uninjected()).isEqualTo(pod(second));
    }

    private static JsonNode pod(List<String> annotations) {
        return requesting(annotations, yaml("""
                metadata: {name: web, annotations: {}}
                spec: {containers: [{name: web, image: nginx, ports: [{containerPort: 8080}]}, {name: worker, image: a}]}
                """));
    }

    /** The Pod with this request instead of its own. */
    private static JsonNode requesting(List<String> annotations, JsonNode pod) {
        ObjectNode copy = pod.deepCopy();
        ObjectNode all = copy.withObject("/metadata/annotations");
        List<String> names = new ArrayList<>();
        all.fieldNames().forEachRemaining(names::add);
        names.stream()
                .filter(name -> Annotations.isRequest(name) || name.equals("example.com/a"))
                .forEach(all::remove);
        annotations.forEach(annotation -> all.setAll((ObjectNode) yaml(annotation)));
        return copy;
    }

    private static JsonNode passed(JsonNode pod) throws Exception {
        return switch (Trial.of(pod).decide()) {
            case Injected(var _, var patch) -> Oracles.apply(patch, pod);
            case Decision.Unchanged _ -> pod;
            case Decision.Denied denied -> throw new AssertionError(denied.reason());
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"injected-then-another-profile", "injected-then-another-path", "injected-with-older-image"})
    void hasTheResultForAPodOfAnEarlierVersion(String name) throws Exception {
        JsonNode pod = yaml(Files.readString(Path.of("src/test/resources/changed", name + ".yaml")));
        JsonNode original =
                Uninjector.uninject(Trial.readPod(pod), CatalogReader.builtIn()).pod();
        assertThat(original.at("/spec")).isEqualTo(yaml("{containers: [{name: web, image: example.com/web:1}]}"));

        var result = Trial.of(pod).injected();

        assertThat(result.pod()).isEqualTo(Trial.of(original).injected().pod());
        assertThat(result.plan().warnings()).extracting(Reason::code).contains(ReasonCode.CHANGED_REQUEST);
    }

    @Test
    void reportsTheChange() {
        var injected = annotated("pillion.dev/inject: logging").injected();

        assertThat(notice(injected.againAnnotated("pillion.dev/inject", "proxy")))
                .isEqualTo("injected again, because 'logging' was injected before and would not be injected now");
        assertThat(notice(injected.againAnnotated("pillion.dev/inject", "logging, proxy")))
                .isEqualTo("injected again, because 'proxy' was not injected before");
        assertThat(notice(injected.againAnnotated("logging.pillion.dev/path", "/srv")))
                .isEqualTo(
                        "injected again, because 'logging' was injected with other values or for other containers before");
        assertThat(notice(injected.againAnnotated("pillion.dev/inject", "false")))
                .isEqualTo("removed what was injected before, because nothing requests 'logging' now");
    }

    private static String notice(Trial trial) {
        return trial.injected().plan().warnings().getFirst().message();
    }

    @Test
    void usesANewerGenerationOfTheProfile() {
        var older = annotated("pillion.dev/inject: a")
                .withProfiles(profile("a", "sidecars: [{name: a, image: 'a:1'}]"))
                .injected();
        String newer = profile("a", "sidecars: [{name: a, image: 'a:2'}, {name: b, image: 'b:2'}]");

        var result = older.again().withProfiles(newer).injected();

        assertThat(result.pod())
                .isEqualTo(annotated("pillion.dev/inject: a")
                        .withProfiles(newer)
                        .injected()
                        .pod());
    }

    @Test
    void isDeniedIfANewerGenerationDoesNotDefineTheAdditions() {
        var older = annotated("pillion.dev/inject: a")
                .withProfiles(profile("a", "sidecars: [{name: old, image: 'a:1'}]"))
                .injected();

        assertThat(older.again()
                        .withProfiles(profile("a", "sidecars: [{name: new, image: 'a:2'}]"))
                        .denied())
                .isEqualTo(
                        new Reason(
                                ReasonCode.CHANGED_REQUEST,
                                "annotation pillion.dev/inject requests profile 'a', but another generation of 'a' was injected before, and container old cannot be removed: no profile in annotation pillion.dev/status defines it; correct that in the manifest, run pillion uninject on it, and inject it again"));
    }

    @Test
    void isDeniedIfAnotherPartUsesTheAdditions() throws Exception {
        ObjectNode pod = (ObjectNode)
                yaml(Files.readString(Path.of("src/test/resources/changed/injected-and-later-shared.yaml")));
        pod.withObject("/metadata/annotations").put("logging.pillion.dev/path", "/srv/log");

        assertThat(Trial.of(pod).denied())
                .isEqualTo(
                        new Reason(
                                ReasonCode.CHANGED_REQUEST,
                                "annotation pillion.dev/inject requests profile 'logging', but another generation of 'logging' was injected before, and volume pillion-var-log-app cannot be removed: container late still mounts it; correct that in the manifest, run pillion uninject on it, and inject it again"));
        pod.withObject("/metadata/annotations").put("pillion.dev/inject", "false");
        assertThat(Trial.of(pod).denied().message())
                .startsWith(
                        "'logging' was injected before, and nothing requests it now, but volume pillion-var-log-app cannot be removed");
    }

    @Test
    void ignoresTheAdditionsOfTheFirstRequestInGuards() {
        String one = profile("one", "sidecars: [{name: one, image: a, ports: [{containerPort: 7}]}]");
        String two = profile("two", """
                sidecars: [{name: two, image: a}]
                skipWhen:
                  - name: port
                    expression: has(pod.spec.initContainers)
                    message: it has init containers
                """);
        var injected =
                annotated("pillion.dev/inject: one").withProfiles(one, two).injected();

        assertThat(injected.againAnnotated("pillion.dev/inject", "two")
                        .injected()
                        .initContainers())
                .containsExactly("two");
    }

    /** Edits of an injected template with the same request. */
    @Nested
    class OfTheSameRequest {

        private final Trial.Result injected = Trial.of("""
                        metadata: {name: web, annotations: {pillion.dev/inject: "logging, env", env.pillion.dev/variables: A=1}}
                        spec: {containers: [{name: web, image: nginx}, {name: worker, image: a}]}
                        """).injected();

        @Test
        void aRenamedContainerIsADenial() {
            Trial renamed = edited(pod -> ((ObjectNode) pod.at("/spec/containers/0")).put("name", "site"));

            assertThat(renamed.denied().code()).isEqualTo(ReasonCode.CHANGED_REQUEST);
            assertThat(renamed.denied().message())
                    .contains("the Pod has no container web, and container site sets the variable");
        }

        @Test
        void aRemovedContainerIsNotInTheStatus() {
            Trial removed = edited(pod -> ((ArrayNode) pod.at("/spec/containers")).remove(1));

            assertThat(removed.unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
            assertThat(removed.uninjection().isComplete()).isTrue();
        }

        @Test
        void anAddedContainerGetsItsMountsAndEnvironment() throws Exception {
            Consumer<JsonNode> edit = pod -> ((ArrayNode) pod.at("/spec/containers"))
                    .insertObject(0)
                    .put("name", "first")
                    .put("image", "b");
            JsonNode original = injected.again().uninjected();
            edit.accept(original);

            assertThat(passed(editedPod(edit)).at("/spec"))
                    .isEqualTo(passed(original).at("/spec"));
        }

        @Test
        void aVolumeThatTheAppAddedIsShared() throws Exception {
            Consumer<JsonNode> edit = pod -> {
                ((ObjectNode) pod)
                        .withArray("/spec/containers")
                        .addObject()
                        .put("name", "late")
                        .put("image", "b")
                        .putArray("volumeMounts")
                        .addObject()
                        .put("name", "own")
                        .put("mountPath", "/var/log/app");
                ((ObjectNode) pod)
                        .withArray("/spec/volumes")
                        .addObject()
                        .put("name", "own")
                        .putObject("emptyDir");
            };
            JsonNode original = injected.again().uninjected();
            edit.accept(original);

            JsonNode actual = passed(editedPod(edit));

            assertThat(actual).isEqualTo(passed(original));
            assertThat(actual.at("/spec/volumes")).isEqualTo(yaml("[{name: own, emptyDir: {}}]"));
        }

        @Test
        void aTruncatedStatusIsADenialIfSomethingIsMissing() {
            Consumer<JsonNode> truncate = pod -> ((ObjectNode) pod.at("/metadata/annotations"))
                    .put(Annotations.STATUS, pod.at(STATUS).asText().substring(0, 50));

            assertThat(edited(truncate).unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
            assertThat(edited(truncate.andThen(pod -> ((ObjectNode) pod.at("/metadata/annotations"))
                                    .put("pillion.dev/inject", "proxy")
                                    .put("proxy.pillion.dev/port", "80")))
                            .denied())
                    .isEqualTo(
                            new Reason(
                                    ReasonCode.CHANGED_REQUEST,
                                    "annotation pillion.dev/status cannot be read: it is not in the form that Pillion writes, and volume pillion-var-log-app seems to be injected; restore the annotation, or remove the annotation and everything that was injected"));
        }

        @Test
        void aTruncatedStatusIsADenialIfACompanionIsNotRequested() {
            assertThat(edited(pod -> ((ObjectNode) pod.at("/metadata/annotations"))
                                    .put(Annotations.STATUS, "{oops")
                                    .put("pillion.dev/inject", "env")
                                    .put("env.pillion.dev/variables", "OWN=1"))
                            .denied()
                            .message())
                    .startsWith("annotation pillion.dev/status cannot be read:")
                    .contains("seems to be injected");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '"',
                value = {
                    "{}; annotation pillion.dev/status names no profile, and volume pillion-var-log-app seems to be injected",
                    "{profiles: {logging: {generation: x}}}; volume pillion-var-log-app cannot be removed: Pillion gives volumes such names, and annotation pillion.dev/status does not list it",
                    "{profiles: {logging: {generation: x}}, volumes: [pillion-var-log-app], volumeMounts: {web: [/var/log/app], worker: [/var/log/app]}}; container log-tailer cannot be removed: it has the name and image of a container of profile 'logging'"
                })
        void aStatusWithoutAnEntryIsADenialIfAnotherProfileIsRequested(String status, String message) {
            Trial changed = edited(pod -> ((ObjectNode) pod.at("/metadata/annotations"))
                    .put(Annotations.STATUS, yaml(status).toString())
                    .put("pillion.dev/inject", "proxy")
                    .put("proxy.pillion.dev/port", "80"));

            assertThat(changed.denied().code()).isEqualTo(ReasonCode.CHANGED_REQUEST);
            assertThat(changed.denied().message()).contains(message);
        }

        @Test
        void anInheritedImageFollowsTheAppsImage() {
            var migrate = Trial.of("""
                            metadata: {name: web, annotations: {pillion.dev/inject: migrate, migrate.pillion.dev/command: up}}
                            spec: {containers: [{name: web, image: "web:1"}]}
                            """).injected();
            ObjectNode pod = migrate.pod().deepCopy();
            ((ObjectNode) pod.at("/spec/containers/0")).put("image", "web:2");

            var result = migrate.trial().again(pod).injected();

            assertThat(result.at("/spec/initContainers/0/image").asText()).isEqualTo("web:2");
            assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        }

        private Trial edited(Consumer<JsonNode> edit) {
            return injected.trial().again(editedPod(edit));
        }

        private JsonNode editedPod(Consumer<JsonNode> edit) {
            JsonNode pod = injected.pod().deepCopy();
            edit.accept(pod);
            assertThat(pod).isNotEqualTo(injected.pod());
            return pod;
        }
    }

    @Nested
    class WithAForgedStatus {

        private final String enforced = policy("logs", "mode: Enforce\nmatch: {}\nprofiles: [{name: logging}]\n");

        static Stream<String> statuses() {
            return Stream.of(
                    "{profiles: {logging: {generation: x, request: x}}, initContainers: [log-tailer]}",
                    "{profiles: {no-such-profile: {generation: x}}, initContainers: [log-tailer], containers: [web]}",
                    "{profiles: {env: {generation: x}}, env: {web: [PATH]}}",
                    "{profiles: {logging: {generation: x}}, containers: [web], volumes: [data]}");
        }

        @ParameterizedTest
        @MethodSource("statuses")
        void aPodHasTheEnforcedProfileOrIsDenied(String status) throws Exception {
            ObjectNode pod = (ObjectNode) yaml("""
                    metadata: {name: web}
                    spec:
                      containers: [{name: web, image: nginx, volumeMounts: [{name: data, mountPath: /data}]}]
                      volumes: [{name: data, emptyDir: {}}]
                    """);
            pod.withObject("/metadata/annotations")
                    .put(Annotations.STATUS, yaml(status).toString());
            Trial forged = Trial.of(pod).withPolicies(enforced);

            switch (forged.decide()) {
                case Injected(var _, var patch) -> {
                    Trial injected = forged.again(Oracles.apply(patch, pod));
                    assertThat(injected.missing()).isEmpty();
                }
                case Decision.Denied denied ->
                    assertThat(denied.reason().code()).isEqualTo(ReasonCode.CHANGED_REQUEST);
                case Decision.Unchanged unchanged -> throw new AssertionError(unchanged);
            }
        }

        @Test
        void aPodWithoutRequestAndCompanionsIsUnchanged() {
            var unchanged = annotated("""
                            pillion.dev/status: '{"profiles":{"no-such-profile":{"generation":"x"}},"containers":["web"]}'
                            """.strip()).unchanged();

            assertThat(unchanged.reason().code()).isEqualTo(ReasonCode.NOT_REQUESTED);
            assertThat(unchanged.plan().warnings())
                    .containsExactly(
                            new Reason(
                                    ReasonCode.CHANGED_REQUEST,
                                    "container web is kept: profile 'no-such-profile', which annotation pillion.dev/status names, is not in the catalog"));
        }
    }
}
