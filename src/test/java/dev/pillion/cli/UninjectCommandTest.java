package dev.pillion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pillion.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UninjectCommandTest {

    static List<Path> examples() throws IOException {
        return InjectCommandTest.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void restoresEveryExample(Path example) throws Exception {
        Run injected = Run.of("inject", "-f", example.toString(), "--profiles", "examples/profiles");

        Run run = Run.withInput(injected.out(), "uninject", "-f", "-", "--profiles", "examples/profiles");

        assertThat(run.code()).isZero();
        assertThat(run.err()).endsWith(": uninjected\n");
        assertThat(run.documents())
                .containsExactly(
                        YamlReader.read(Files.readString(example)).getFirst().tree());
    }

    @Test
    void restoresEveryItemOfAListAndKeepsTheOtherItems() throws Exception {
        String list = """
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: Service, metadata: {name: web}}
                - apiVersion: v1
                  kind: Pod
                  metadata: {name: a, annotations: {pillion.dev/inject: logging}}
                  spec: {containers: [{name: a, image: i}]}
                - {apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {containers: [{name: b, image: i}]}}
                """;
        Run injected = Run.withInput(list, "inject", "-f", "-");

        Run run = Run.withInput(injected.out(), "uninject", "-f", "-", "-o", "json");

        assertThat(run.err()).isEqualTo("Pod/a: uninjected\nPod/b: unchanged: nothing was injected\n");
        assertThat(new ObjectMapper().readTree(run.out()))
                .isEqualTo(new ObjectMapper()
                        .readTree(YamlReader.read(list).getFirst().tree().toString()));
    }

    @Test
    void printsNoPatches() {
        Run run = Run.of("uninject", "-f", "examples", "-o", "patch");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("must be one of yaml, json, is 'patch'");
    }

    @Test
    void printsNoSummaryInQuietMode() throws Exception {
        Run run = Run.of("uninject", "-q", "-f", "examples/job.yaml");

        assertThat(run.err()).isEmpty();
        JsonNode job = run.documents().getFirst();
        assertThat(job.path("kind").asText()).isEqualTo("Job");
    }

    @Test
    void keepsAVolumeThatALaterContainerMountsAndReportsIt() throws Exception {
        Run run = Run.of("uninject", "-q", "-f", "src/test/resources/changed/injected-and-later-shared.yaml");

        assertThat(run.code()).isZero();
        assertThat(run.err())
                .isEqualTo("warning: Pod/one: volume pillion-var-log-app is kept: container late still mounts it\n");
        JsonNode spec = run.documents().getFirst().path("spec");
        assertThat(spec).isEqualTo(YamlReader.read("""
                containers:
                - {name: web, image: example.com/web:1}
                - name: late
                  image: example.com/late:1
                  volumeMounts: [{name: pillion-var-log-app, mountPath: /logs}]
                volumes: [{name: pillion-var-log-app, emptyDir: {}}]
                """).getFirst().tree());
    }

    @Test
    void removesNothingForAForgedStatus() throws Exception {
        String forged = "src/test/resources/changed/forged-status.yaml";

        Run run = Run.of("uninject", "-f", forged);

        assertThat(run.err().lines())
                .containsExactly(
                        "Pod/one: unchanged",
                        "warning: Pod/one: the mount at /data of container web is kept: no profile in annotation pillion.dev/status defines it",
                        "warning: Pod/one: variable MODE of container web is kept: no profile in annotation pillion.dev/status defines it",
                        "warning: Pod/one: container prepare is kept: no profile in annotation pillion.dev/status defines it",
                        "warning: Pod/one: container helper is kept: no profile in annotation pillion.dev/status defines it",
                        "warning: Pod/one: volume data is kept: no profile in annotation pillion.dev/status defines it");
        assertThat(run.documents())
                .containsExactly(YamlReader.read(Files.readString(Path.of(forged)))
                        .getFirst()
                        .tree());
    }
}
