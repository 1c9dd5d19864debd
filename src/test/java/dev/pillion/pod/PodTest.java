package dev.pillion.pod;

import static dev.pillion.pod.Manifests.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.RandomTree;
import dev.pillion.yaml.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodTest {

    @Test
    void isReadWithAllFieldsThatADecisionNeeds() throws Exception {
        // given
        JsonNode tree = tree("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: web
                  labels: {app: web}
                  annotations: {pillion.dev/inject: logging}
                spec:
                  initContainers:
                    - {name: setup}
                    - {name: mesh, restartPolicy: Always}
                  containers:
                    - name: app
                      env: [{name: A, value: b}, {name: C, valueFrom: {}}]
                      volumeMounts: [{name: logs, mountPath: /var/log, subPath: web}]
                      newField: kept
                    - name: helper
                  ephemeralContainers: [{name: debugger}]
                  volumes: [{name: logs, emptyDir: {}}, {name: data}]
                """);

        // when
        Pod pod = Pod.of(tree);

        // then
        assertThat(pod.name()).isEqualTo("web");
        assertThat(pod.labels()).containsExactly(java.util.Map.entry("app", "web"));
        assertThat(pod.annotations()).containsExactly(java.util.Map.entry("pillion.dev/inject", "logging"));
        assertThat(pod.allContainers()).extracting(Container::name).containsExactly("setup", "mesh", "app", "helper");
        assertThat(pod.list(ContainerList.INIT_CONTAINERS))
                .extracting(Container::index)
                .containsExactly(0, 1);
        assertThat(pod.list(ContainerList.CONTAINERS))
                .extracting(Container::index)
                .containsExactly(0, 1);
        assertThat(pod.ephemeralContainers()).containsExactly("debugger");
        assertThat(pod.volumes()).containsOnlyKeys("logs", "data");

        Container app = pod.container("app").orElseThrow();
        assertThat(app.list()).isEqualTo(ContainerList.CONTAINERS);
        assertThat(app.environment()).containsExactlyInAnyOrder("A", "C");
        assertThat(app.volumeMounts()).singleElement().satisfies(mount -> {
            assertThat(mount.volume()).isEqualTo("logs");
            assertThat(mount.mountPath()).isEqualTo("/var/log");
            assertThat(mount.tree().path("subPath").textValue()).isEqualTo("web");
        });
        assertThat(app.tree().path("newField").textValue()).isEqualTo("kept");
        assertThat(pod.container("debugger")).isEmpty();
        assertThat(pod.tree()).isSameAs(tree);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{spec: {}}",
                "{metadata: null, spec: {containers: null, initContainers: null, volumes: null, ephemeralContainers: null}}",
                "{metadata: {labels: null, annotations: null}, spec: {containers: []}}",
            })
    void canBeEmpty(String manifest) throws Exception {
        // when
        Pod pod = Pod.of(tree(manifest));

        // then
        assertThat(pod.name()).isEmpty();
        assertThat(pod.labels()).isEmpty();
        assertThat(pod.annotations()).isEmpty();
        assertThat(pod.allContainers()).isEmpty();
        assertThat(pod.ephemeralContainers()).isEmpty();
        assertThat(pod.volumes()).isEmpty();
        assertThat(pod.platform().system()).isEqualTo(NodePlatform.System.LINUX);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: web, generateName: web-}    | web",
                "{generateName: web-}               | web-",
                "{name: '', generateName: web-}     | web-",
                "{name: null, generateName: web-}   | web-",
            })
    void hasItsNameOrItsGenerateName(String metadata, String name) throws Exception {
        assertThat(Pod.of(tree("{metadata: " + metadata + ", spec: {}}")).name())
                .isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                                                    | the document must be a map",
                "text                                                                  | the document must be a map",
                "{metadata: {name: web}}                                               | spec is missing; a Pod has one",
                "{spec: null}                                                          | spec is missing; a Pod has one",
                "{spec: []}                                                            | spec must be a map",
                "{metadata: web, spec: {}}                                             | metadata must be a map",
                "{metadata: {name: 12}, spec: {}}                                      | metadata.name must be a string, is 12; put it in quotes",
                "{metadata: {annotations: [a]}, spec: {}}                              | metadata.annotations must be a map",
                "{metadata: {annotations: {a.b/c: true}}, spec: {}}                    | metadata.annotations['a.b/c'] must be a string, is true; put it in quotes",
                "{metadata: {annotations: {a: null}}, spec: {}}                        | metadata.annotations['a'] must be a string, is null; put it in quotes",
                "{metadata: {labels: {version: 1.10}}, spec: {}}                       | metadata.labels['version'] must be a string, is 1.10; put it in quotes",
                "{spec: {containers: {name: app}}}                                     | spec.containers must be a list",
                "{spec: {containers: [app]}}                                           | spec.containers[0] must be a map",
                "{spec: {initContainers: [{}, null]}}                                  | spec.initContainers[1] must be a map",
                "{spec: {containers: [{name: 1}]}}                                     | spec.containers[0].name must be a string, is 1; put it in quotes",
                "{spec: {containers: [{env: [{name: yes}]}]}}                          | spec.containers[0].env[0].name must be a string, is true; put it in quotes",
                "{spec: {containers: [{env: {A: b}}]}}                                 | spec.containers[0].env must be a list",
                "{spec: {containers: [{}, {volumeMounts: [{mountPath: 1}]}]}}          | spec.containers[1].volumeMounts[0].mountPath must be a string, is 1; put it in quotes",
                "{spec: {volumes: [{name: []}]}}                                       | spec.volumes[0].name must be a string, is []; put it in quotes",
                "{spec: {ephemeralContainers: [1]}}                                    | spec.ephemeralContainers[0] must be a map",
            })
    void isRejectedIfAFieldIsNotValid(String manifest, String message) {
        assertThatThrownBy(() -> Pod.of(tree(manifest)))
                .isInstanceOf(MalformedPodException.class)
                .hasMessage(message)
                .satisfies(e -> assertThat(message).startsWith(((MalformedPodException) e).path()));
    }

    /** Every user can create Pods: a tree of any form is read or rejected. */
    @Test
    void isReadOrRejectedForRandomTrees() {
        Seeds.each(1_000, random -> {
            JsonNode tree = tree("""
                    metadata: {name: web, labels: {}, annotations: {a: b}}
                    spec:
                      containers: [{name: app, env: [{name: A}], volumeMounts: [{name: v, mountPath: /a}]}]
                      initContainers: [{name: first, restartPolicy: Always}]
                      volumes: [{name: v}]
                      os: {name: linux}
                      nodeSelector: {a: b}
                    """);
            Manifests.replaceSomething(tree, random, RandomTree.value(random, 2));
            try {
                Pod pod = Pod.of(tree);
                pod.platform();
                pod.spec("hostNetwork");
                pod.allContainers().forEach(container -> {
                    container.nativeSidecar();
                    container.volumeMounts().forEach(mount -> mount.covers("/var/log"));
                });
            } catch (MalformedPodException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{os: {name: windows}}                              | true",
                "{nodeSelector: {kubernetes.io/os: windows}}        | true",
                "{os: {name: linux}}                                | false",
                "{nodeSelector: {kubernetes.io/os: linux}}          | false",
                "{nodeSelector: {os: windows}}                      | false",
                "{}                                                 | false",
            })
    void isForWindowsByItsFields(String spec, boolean windows) throws Exception {
        assertThat(Pod.of(tree("{spec: " + spec + "}")).platform().system() == NodePlatform.System.WINDOWS)
                .isEqualTo(windows);
    }

    @Test
    void returnsAFieldOfItsSpec() throws Exception {
        // given
        Pod pod = Pod.of(tree("{spec: {hostNetwork: true, securityContext: null}}"));

        // then
        assertThat(pod.spec("hostNetwork").booleanValue()).isTrue();
        assertThat(pod.spec("securityContext").isMissingNode()).isTrue();
        assertThat(pod.spec("hostPID").isMissingNode()).isTrue();
    }

    @Test
    void hasNativeSidecarsIfAnInitContainerIsAlwaysRestarted() throws Exception {
        // given
        Pod pod = Pod.of(tree("""
                spec:
                  initContainers:
                    - {name: sidecar, restartPolicy: Always}
                    - {name: init}
                    - {name: ruled, restartPolicy: OnFailure}
                  containers:
                    - {name: app, restartPolicy: Always}
                """));

        // then
        assertThat(pod.allContainers().filter(Container::nativeSidecar))
                .extracting(Container::name)
                .containsExactly("sidecar");
    }
}
