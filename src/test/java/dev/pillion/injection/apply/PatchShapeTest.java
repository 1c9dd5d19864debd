package dev.pillion.injection.apply;

import static dev.pillion.injection.Trial.annotated;
import static dev.pillion.injection.Trial.profile;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.Trial;
import org.junit.jupiter.api.Test;

/** The operations of the patch for the API server. */
class PatchShapeTest {

    @Test
    void hasAddOperationsOnly() {
        var result = annotated("pillion.dev/inject: logging, proxy", "pillion.dev/wait-for: db:1")
                .injected();

        assertThat(result.patch().toJson()).isNotEmpty().allSatisfy(operation -> {
            assertThat(operation.path("op").asText()).isEqualTo("add");
            assertThat(operation.properties())
                    .extracting(field -> field.getKey())
                    .containsExactly("op", "path", "value");
        });
    }

    @Test
    void createsAnAbsentListOnceWithAllItsElements() {
        var result = annotated("pillion.dev/inject: env", "env.pillion.dev/variables: A=1, B=2")
                .injected();

        assertThat(paths(result))
                .containsExactly("/spec/containers/0/env", "/metadata/annotations/pillion.dev~1status");
        assertThat(result.patch().toJson().get(0).path("value")).hasSize(2);
    }

    @Test
    void appendsToAnExistingList() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: logging, a: b}}
                        spec:
                          containers: [{name: web, volumeMounts: []}, {name: worker, volumeMounts: [{name: x, mountPath: /x}]}]
                          volumes: [{name: x}]
                        """).injected();

        assertThat(paths(result))
                .containsSubsequence(
                        "/spec/containers/0/volumeMounts/-", "/spec/containers/1/volumeMounts/-", "/spec/volumes/-");
    }

    @Test
    void insertsContainersAtTheIndexInTheListAfterEarlierOperations() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: "logging, proxy", pillion.dev/wait-for: "a:1, b:2"}}
                        spec:
                          initContainers: [{name: own}]
                          containers: [{name: web, ports: [{containerPort: 80}]}]
                        """).injected();

        assertThat(paths(result))
                .containsSubsequence(
                        "/spec/initContainers/0",
                        "/spec/initContainers/1",
                        "/spec/initContainers/2",
                        "/spec/initContainers/4");
    }

    @Test
    void changesContainersBeforeItMovesThem() {
        var result = Trial.of("""
                        metadata:
                          annotations:
                            pillion.dev/inject: early, env
                            env.pillion.dev/variables: A=1
                            pillion.dev/containers: own
                        spec:
                          initContainers: [{name: own}]
                          containers: [{name: web}]
                        """)
                .withProfiles(profile("early", "initContainers: [{name: early, image: a}]"))
                .injected();

        assertThat(paths(result)).containsSubsequence("/spec/initContainers/0/env", "/spec/initContainers/0");
        assertThat(result.container("own").path("env")).hasSize(1);
    }

    @Test
    void replacesNull() {
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: logging}}
                        spec: {initContainers: null, volumes: null, containers: [{name: web, volumeMounts: null}]}
                        """).injected();

        assertThat(paths(result))
                .containsSubsequence("/spec/containers/0/volumeMounts", "/spec/volumes", "/spec/initContainers");
    }

    @Test
    void createsAbsentMetadata() {
        var result = Trial.of("spec: {containers: [{name: web}]}")
                .inNamespaceThatInjects("logging")
                .injected();

        assertThat(paths(result)).contains("/metadata").noneMatch(path -> path.startsWith("/metadata/"));
    }

    @Test
    void growsWithTheAdditionsAndNotWithThePod() {
        StringBuilder env = new StringBuilder();
        for (int index = 0; index < 1_500; index++) {
            env.append("{name: V%d, value: x},".formatted(index));
        }
        var result = Trial.of("""
                        metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: A=1}}
                        spec: {containers: [{name: web, env: [%s]}]}
                        """.formatted(env)).injected();

        assertThat(result.patch().toJson().toString()).hasSizeLessThan(500);
    }

    private static java.util.List<String> paths(Trial.Result result) {
        java.util.List<String> paths = new java.util.ArrayList<>();
        for (JsonNode operation : result.patch().toJson()) {
            paths.add(operation.path("path").asText());
        }
        return paths;
    }
}
