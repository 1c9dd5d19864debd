package dev.pillion.injection.uninject;

import static dev.pillion.injection.Trial.profile;
import static dev.pillion.injection.Trial.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.Oracles;
import dev.pillion.injection.Trial;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.ReasonCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uninjecting restores every field of the original Pod. */
class UninjectorTest {

    /** A profile with additions to every list and map. */
    private static final String EVERYTHING = profile("everything", """
            initContainers: [{name: first, image: a}]
            sidecars: [{name: beside, image: a, files: [{path: /etc/a/b, content: c}]}]
            volumes: [{name: more, emptyDir: {}}]
            sharedDirectories: [{path: /shared, readers: [beside]}]
            app:
              env: [{name: A, value: a}]
              envFrom: [{configMapRef: {name: a}}]
              volumeMounts: [{name: more, mountPath: /more}]
            pod:
              labels: {a: a}
              annotations: {a: a}
              imagePullSecrets: [{name: a}]
            """);

    static List<Arguments> listsAndMaps() {
        return List.of(
                        "/metadata/labels",
                        "/spec/initContainers",
                        "/spec/volumes",
                        "/spec/imagePullSecrets",
                        "/spec/containers/0/env",
                        "/spec/containers/0/envFrom",
                        "/spec/containers/0/volumeMounts")
                .stream()
                .flatMap(place -> List.of("absent", "null", "empty").stream()
                        .flatMap(before ->
                                List.of(true, false).stream().map(natively -> Arguments.of(place, before, natively))))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("listsAndMaps")
    void restoresAListOrMap(String place, String before, boolean natively) {
        ObjectNode pod = (ObjectNode) yaml("""
                metadata: {annotations: {pillion.dev/inject: everything}}
                spec: {containers: [{name: web}]}
                """);
        String owner = place.substring(0, place.lastIndexOf('/'));
        String field = place.substring(place.lastIndexOf('/') + 1);
        ObjectNode at = (ObjectNode) pod.at(owner);
        switch (before) {
            case "null" -> at.putNull(field);
            case "empty" -> at.set(field, yaml(field.equals("labels") ? "{}" : "[]"));
            default -> assertThat(at.has(field)).isFalse();
        }
        Trial trial = Trial.of(pod).withProfiles(EVERYTHING);

        Trial.Result result = (natively ? trial : trial.withPlainSidecars()).injected();

        assertThat(result.at(place)).as("the list or map after the injection").isNotEmpty();
        assertThat(result.again().uninjected()).isEqualTo(pod);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{spec: {containers: [{name: web}]}}",
                "{metadata: null, spec: {containers: [{name: web}]}}",
                "{metadata: {}, spec: {containers: [{name: web}]}}",
                "{metadata: {annotations: null}, spec: {containers: [{name: web}]}}",
                "{metadata: {annotations: {}, labels: {}}, spec: {containers: [{name: web}]}}"
            })
    void restoresMetadata(String pod) {
        var result = Trial.of(pod)
                .withProfiles(EVERYTHING)
                .inNamespaceThatInjects("everything")
                .injected();

        assertThat(result.again().unchanged().reason().code()).isEqualTo(ReasonCode.ALREADY_INJECTED);
        assertThat(result.again().uninjected()).isEqualTo(yaml(pod));
    }

    @Test
    void keepsElementsBetweenTheAdditions() {
        String pod = """
                metadata:
                  name: web
                  labels: {own: x}
                  annotations:
                    pillion.dev/inject: everything
                    own/annotation~x: "y"
                    cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes: "own, other"
                spec:
                  futureField: {list: [1, 2.50]}
                  initContainers: [{name: own, restartPolicy: Always}]
                  containers:
                    - name: web
                      env: [{name: OWN, value: x}, {name: A, value: own}]
                      envFrom: [{configMapRef: {name: a}}, {secretRef: {name: own}}]
                      volumeMounts: [{name: own, mountPath: /own}, {name: own, mountPath: /more}]
                    - {name: worker, env: []}
                  volumes: [{name: own, emptyDir: {}}]
                  imagePullSecrets: [{name: own}]
                """;

        var result = Trial.of(pod).withProfiles(EVERYTHING).injected();

        assertThat(result.initContainers()).containsExactly("first", "own", "beside");
        assertThat(result.again().uninjected()).isEqualTo(yaml(pod));
    }

    @Test
    void returnsAPodWithoutAnInjection() {
        JsonNode pod = yaml("{metadata: {annotations: {a: b}}, spec: {containers: [{name: log-tailer, env: null}]}}");

        assertThat(Trial.of(pod).uninjected()).isEqualTo(pod).isNotSameAs(pod);
    }

    @Test
    void keepsLaterElementsInAListThatPillionCreated() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: everything}}
                        spec: {containers: [{name: web}]}
                        """).withProfiles(EVERYTHING).injected();
        ObjectNode pod = result.pod().deepCopy();
        pod.withArray("/spec/volumes").addObject().put("name", "theirs");
        pod.withObject("/metadata/labels").put("theirs", "x");
        pod.withArray("/spec/initContainers").addObject().put("name", "istio-init");

        JsonNode uninjected = result.trial().again(pod).uninjected();

        assertThat(uninjected.at("/spec")).isEqualTo(yaml("""
                containers: [{name: web}]
                volumes: [{name: theirs}]
                initContainers: [{name: istio-init}]
                """));
        assertThat(uninjected.at("/metadata/labels")).isEqualTo(yaml("{theirs: x}"));
    }

    @Test
    void doesNotChangeItsInput() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: everything}}
                        spec: {containers: [{name: web}]}
                        """).withProfiles(EVERYTHING).injected();
        JsonNode copy = result.pod().deepCopy();

        result.again().uninjected();

        assertThat(result.pod()).isEqualTo(copy);
    }

    /** Edits of a Pod that was injected with {@link #EVERYTHING}. */
    @Nested
    class Keeps {

        private final Trial.Result injected =
                Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: everything}}
                        spec: {containers: [{name: web}]}
                        """).withProfiles(EVERYTHING).injected();

        @Test
        void aVolumeThatAnotherContainerMounts() {
            Uninjection uninjection = uninjected(pod -> pod.withArray("/spec/containers")
                    .addObject()
                    .put("name", "late")
                    .putArray("volumeMounts")
                    .addObject()
                    .put("name", "pillion-shared")
                    .put("mountPath", "/logs"));

            assertThat(uninjection.kept())
                    .extracting(Uninjection.Kept::toString)
                    .containsExactly("volume pillion-shared is kept: container late still mounts it");
            assertThat(uninjection.pod().at("/spec")).isEqualTo(yaml("""
                    containers:
                      - {name: web}
                      - {name: late, volumeMounts: [{name: pillion-shared, mountPath: /logs}]}
                    volumes: [{name: pillion-shared, emptyDir: {}}]
                    """));
            assertThat(uninjection.pod().at("/metadata/annotations").properties())
                    .extracting(java.util.Map.Entry::getKey)
                    .containsExactlyInAnyOrder("pillion.dev/inject", Annotations.STATUS, Annotations.SAFE_TO_EVICT);
            assertThat(uninjection
                            .pod()
                            .at("/metadata/annotations")
                            .path(Annotations.SAFE_TO_EVICT)
                            .asText())
                    .isEqualTo("pillion-shared");
        }

        @Test
        void itsStatusUntilTheRestCanBeRemoved() {
            JsonNode partly = uninjected(pod -> pod.withArray("/spec/containers")
                            .addObject()
                            .put("name", "late")
                            .putArray("volumeDevices")
                            .addObject()
                            .put("name", "more"))
                    .pod();
            ((ObjectNode) partly.at("/spec/containers/1")).remove("volumeDevices");

            Uninjection rest = injected.trial().again(partly).uninjection();

            assertThat(rest.isComplete()).isTrue();
            assertThat(rest.pod()).isEqualTo(yaml("""
                    metadata: {annotations: {pillion.dev/inject: everything}}
                    spec: {containers: [{name: web}, {name: late}]}
                    """));
        }

        @Test
        void aVolumeThatAnEphemeralContainerMounts() {
            Uninjection uninjection = uninjected(pod -> pod.withArray("/spec/ephemeralContainers")
                    .addObject()
                    .put("name", "debug")
                    .putArray("volumeMounts")
                    .addObject()
                    .put("name", "more"));

            assertThat(uninjection.kept())
                    .extracting(Uninjection.Kept::toString)
                    .containsExactly("volume more is kept: container debug still mounts it");
        }

        @Test
        void aMountOfAVolumeThatReplacesTheInjectedOne() {
            Uninjection uninjection = uninjected(pod -> {
                ((ObjectNode) pod.at("/spec/containers/0/volumeMounts/0")).put("name", "own");
                pod.withArray("/spec/volumes").addObject().put("name", "own").putObject("persistentVolumeClaim");
            });

            assertThat(uninjection.kept())
                    .extracting(Uninjection.Kept::addition)
                    .containsExactly("the mount at /shared of container web");
            assertThat(uninjection.pod().at("/spec/volumes"))
                    .isEqualTo(yaml("[{name: own, persistentVolumeClaim: {}}]"));
        }

        @Test
        void theAdditionsOfARenamedContainer() {
            Uninjection uninjection =
                    uninjected(pod -> ((ObjectNode) pod.at("/spec/containers/0")).put("name", "site"));

            assertThat(uninjection.kept())
                    .extracting(Uninjection.Kept::toString)
                    .contains(
                            "variable A of container web is kept: the Pod has no container web, and container site sets the variable",
                            "volume more is kept: container site still mounts it");
        }

        @Test
        void aDefaultContainerThatAUserHasSet() {
            Uninjection uninjection = uninjected(pod -> {
                pod.withArray("/spec/containers").addObject().put("name", "late");
                pod.withObject("/metadata/annotations").put(Annotations.DEFAULT_CONTAINER, "late");
            });

            assertThat(uninjection.isComplete()).isTrue();
            assertThat(uninjection.pod().at("/metadata/annotations")).isEqualTo(yaml("""
                    pillion.dev/inject: everything
                    kubectl.kubernetes.io/default-container: late
                    """));
        }

        @Test
        void everythingIfTheProfileDoesNotExist() {
            Uninjection uninjection =
                    injected.trial().withProfiles().again(injected.pod()).uninjection();

            assertThat(uninjection.pod()).isEqualTo(injected.pod());
            assertThat(uninjection.patch().isEmpty()).isTrue();
            assertThat(uninjection.kept())
                    .extracting(Uninjection.Kept::toString)
                    .contains(
                            "container first is kept: profile 'everything', which annotation pillion.dev/status names, is not in the catalog");
        }

        @Test
        void everythingIfTheStatusCannotBeRead() {
            Uninjection uninjection = uninjected(pod -> pod.withObject("/metadata/annotations")
                    .put(
                            Annotations.STATUS,
                            injected.annotation(Annotations.STATUS).asText().substring(0, 100)));

            assertThat(uninjection.patch().isEmpty()).isTrue();
            assertThat(uninjection.kept())
                    .extracting(Uninjection.Kept::toString)
                    .containsExactly("what was injected is kept: " + Status.UNREADABLE);
        }

        @ParameterizedTest
        @CsvSource(
                quoteCharacter = '"',
                value = {
                    "initContainers, container first, it has the name and image of a container of profile 'everything'",
                    "initContainers, container beside, it has the name and image of a container of profile 'everything'",
                    "volumes, volume pillion-shared, Pillion gives volumes such names",
                    "volumes, volume pillion-files-beside, Pillion gives volumes such names",
                    "annotations, annotation pillion.dev/file.beside.0, Pillion writes such annotations"
                })
        void anAdditionThatTheStatusDoesNotList(String list, String addition, String mark) {
            Uninjection uninjection =
                    uninjected(pod -> editStatus(pod, status -> status.remove(List.of(list, "hashes"))));

            assertThat(uninjection.kept())
                    .extracting(Uninjection.Kept::toString)
                    .contains(addition + " is kept: " + mark
                            + ", and annotation pillion.dev/status does not list it; remove it by hand");
            assertThat(uninjection.pod().at("/metadata/annotations").has(Annotations.STATUS))
                    .isTrue();
        }

        @Test
        void everythingIfTheStatusListsNothing() {
            Uninjection uninjection = uninjected(pod -> editStatus(pod, ObjectNode::removeAll));

            assertThat(uninjection.patch().isEmpty()).isTrue();
            assertThat(uninjection.kept())
                    .extracting(Uninjection.Kept::addition)
                    .containsExactlyInAnyOrder(
                            "volume pillion-shared",
                            "volume pillion-files-beside",
                            "annotation pillion.dev/file.beside.0",
                            "container first",
                            "container beside");
        }

        private static void editStatus(ObjectNode pod, Consumer<ObjectNode> edit) {
            ObjectNode annotations = pod.withObject("/metadata/annotations");
            ObjectNode status =
                    (ObjectNode) yaml(annotations.path(Annotations.STATUS).asText());
            edit.accept(status);
            annotations.put(Annotations.STATUS, status.toString());
        }

        @Test
        void nothingOfARemovedCompanion() {
            Uninjection uninjection = uninjected(pod ->
                    ((com.fasterxml.jackson.databind.node.ArrayNode) pod.at("/spec/initContainers")).removeAll());

            assertThat(uninjection.isComplete()).isTrue();
            assertThat(uninjection.pod()).isEqualTo(yaml("""
                    metadata: {annotations: {pillion.dev/inject: everything}}
                    spec: {containers: [{name: web}]}
                    """));
        }

        private Uninjection uninjected(Consumer<ObjectNode> edit) {
            ObjectNode pod = injected.pod().deepCopy();
            edit.accept(pod);
            Uninjection uninjection = injected.trial().again(pod).uninjection();
            try {
                assertThat(Oracles.apply(uninjection.patch(), pod)).isEqualTo(uninjection.pod());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return uninjection;
        }
    }

    @Test
    void doesNotReportAnAppContainerThatIsLikeACompanionOfAnotherProfile() {
        var injected = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: logging, pillion.dev/wait-for: 'db:5432'}}
                        spec:
                          containers:
                            - {name: web}
                            - {name: git-sync, image: "registry.k8s.io/git-sync/git-sync:v4.4.2"}
                          initContainers: [{name: wait-for-cache, image: "busybox:1.36", command: [sh, -c, "nc cache 1"]}]
                        """).injected();

        assertThat(injected.again().uninjection().kept()).isEmpty();
    }

    /** A status that lists parts of the app as additions. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{logging: {generation: '1'}}",
                "{logging: {}, proxy: {}, wait-for: {}, backup: {}}",
                "{no-such-profile: {}}"
            })
    void removesNothingOfTheAppForAForgedStatus(String profiles) throws Exception {
        ObjectNode pod = (ObjectNode) changed("forged-status");
        ObjectNode status = (ObjectNode)
                yaml(pod.at("/metadata/annotations/pillion.dev~1status").asText());
        status.set("profiles", yaml(profiles));
        status.set("labels", yaml("[app]"));
        status.set("annotations", yaml("[pillion.dev/inject, own]"));
        status.set("imagePullSecrets", yaml("[own]"));
        status.set("envFrom", yaml("{web: [{secretRef: {name: own}}]}"));
        ((ObjectNode) pod.at("/metadata")).set("labels", yaml("{app: web}"));
        ((ObjectNode) pod.at("/spec")).set("imagePullSecrets", yaml("[{name: own}]"));
        ((ObjectNode) pod.at("/spec/containers/0")).set("envFrom", yaml("[{secretRef: {name: own}}]"));
        pod.withObject("/metadata/annotations").put("own", "x").put(Annotations.STATUS, status.toString());

        Uninjection uninjection = Trial.of(pod).uninjection();

        assertThat(uninjection.pod()).isEqualTo(pod);
        assertThat(uninjection.kept()).hasSize(10);
    }

    private static JsonNode changed(String name) throws Exception {
        return yaml(Files.readString(Path.of("src/test/resources/changed", name + ".yaml")));
    }
}
