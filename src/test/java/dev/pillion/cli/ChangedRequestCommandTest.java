package dev.pillion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.terminal.ExitCode;
import dev.pillion.yaml.YamlReader;
import io.fabric8.zjsonpatch.JsonPatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line with manifests that were injected before; {@code ChangedRequestTest} has the rules. */
class ChangedRequestCommandTest {

    private static final String DIRECTORY = "src/test/resources/changed/";

    /** Two workloads and a Service. One workload has nested templates. */
    private static final String LIST = """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Service, metadata: {name: web}}
            - apiVersion: apps/v1
              kind: Deployment
              metadata: {name: web}
              spec: {template: {metadata: {annotations: {pillion.dev/inject: env, env.pillion.dev/variables: A=1}}, spec: {containers: [{name: a, image: i}]}}}
            - apiVersion: batch/v1
              kind: CronJob
              metadata: {name: nightly}
              spec: {jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: b, image: i}]}}}}}
            """;

    @ParameterizedTest
    @ValueSource(strings = {"nulls.yaml", "template-without-metadata.yaml"})
    void uninjectRemovesTheAnnotationsThatOptionsWrote(String file) throws Exception {
        Run injected = Run.of(
                "inject",
                "-f",
                DIRECTORY + file,
                "--inject",
                "logging,env",
                "--set",
                "env.variables=A=1",
                "--wait-for",
                "db:5432");
        assertThat(injected.code()).isZero();
        assertThat(injected.out())
                .contains("pillion.dev/inject: \"logging, env\"", "pillion.dev/wait-for: db:5432", "log-tailer");

        Run restored = Run.withInput(injected.out(), "uninject", "-f", "-");

        assertThat(restored.documents()).containsExactly(tree(Files.readString(Path.of(DIRECTORY + file))));
    }

    @Test
    void uninjectRestoresAnAnnotationThatOptionsReplaced() throws Exception {
        String pod = """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, annotations: {pillion.dev/inject: env, env.pillion.dev/variables: A=1}}
                spec: {containers: [{name: web, image: i}]}
                """;
        Run once = Run.withInput(pod, "inject", "-f", "-", "--inject", "logging", "--set", "env.variables=A=2");
        Run twice = Run.withInput(once.out(), "inject", "-f", "-", "--set", "env.variables=A=3");

        assertThat(twice.out())
                .contains("pillion.dev/inject: !!str  \"env, logging\",", "env.pillion.dev/variables: A=3,");
        assertThat(Run.withInput(once.out(), "uninject", "-f", "-").documents()).containsExactly(tree(pod));
        assertThat(Run.withInput(twice.out(), "uninject", "-f", "-").documents())
                .containsExactly(tree(pod));
    }

    @Test
    void theSameOptionsTwiceChangeNothing() {
        String[] options = {"inject", "-f", "-", "--inject", "logging", "--wait-for", "db:5432"};
        Run once = Run.withInput(LIST, options);

        Run twice = Run.withInput(once.out(), options);

        assertThat(twice.err()).isEqualTo("""
                        Deployment/web: unchanged (already-injected): the Pod already has everything that it requests
                        CronJob/nightly: unchanged (already-injected): the Pod already has everything that it requests
                        """);
        assertThat(twice.out()).isEqualTo(once.out());
    }

    @Test
    void everyWorkloadOfAListIsInjectedAgain() throws Exception {
        String[] other = {"inject", "-f", "-", "--inject", "logging", "--set", "logging.path=/srv/log"};
        Run once = Run.withInput(LIST, "inject", "-f", "-", "--inject", "logging");

        Run changed = Run.withInput(once.out(), other);

        assertThat(changed.err().lines().filter(line -> line.startsWith("warning: ")))
                .containsExactly(
                        "warning: Deployment/web: injected again, because 'logging' was injected with other values or for other containers before",
                        "warning: CronJob/nightly: injected again, because 'logging' was injected with other values or for other containers before");
        assertThat(changed.documents()).isEqualTo(Run.withInput(LIST, other).documents());
        assertThat(Run.withInput(changed.out(), "uninject", "-f", "-").documents())
                .containsExactly(tree(LIST));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "injected-then-another-profile, 'logging' was injected before and would not be injected now",
                "injected-then-another-path, another generation of 'logging' was injected before",
                "injected-with-older-image, another generation of 'logging' was injected before"
            })
    void explainDescribesTheResultOfInject(String file, String change) throws Exception {
        String path = DIRECTORY + file + ".yaml";
        Run uninjected = Run.of("uninject", "-f", path);
        Run fresh = Run.withInput(uninjected.out(), "inject", "-f", "-");

        Run injected = Run.of("inject", "-f", path);

        assertThat(injected.documents()).isEqualTo(fresh.documents());
        assertThat(injected.err()).contains("warning: Pod/one: injected again, because " + change);
        assertThat(Run.of("explain", "-f", path).out())
                .startsWith("Pod/one in " + path + ": injected\n")
                .contains("warning (changed-request): injected again, because");
    }

    @Test
    void theAdditionsOfARemovedRequestAreRemoved() throws Exception {
        String path = DIRECTORY + "injected-then-another-profile.yaml";
        String removed = Files.readString(Path.of(path)).replace("pillion.dev/inject: proxy", "pillion.dev/inject: ''");

        Run run = Run.withInput(removed, "inject", "-f", "-");

        assertThat(run.err())
                .startsWith("Pod/one: uninjected\n")
                .contains("warning: Pod/one: removed what was injected before, because nothing requests 'logging' now");
        assertThat(run.documents().getFirst().path("spec"))
                .isEqualTo(tree("{containers: [{name: web, image: 'example.com/web:1'}]}"));
    }

    @Test
    void anInjectionThatCannotBeRemovedIsDeniedInOneLine() {
        String path = DIRECTORY + "injected-and-later-shared.yaml";

        for (String command : List.of("inject", "explain")) {
            Run run = Run.of(command, "-f", path);

            assertThat(run.code()).isEqualTo(ExitCode.DENIED);
            assertThat((run.out() + run.err()).replaceAll("\\s+", " "))
                    .contains(
                            "denied (changed-request)",
                            "volume pillion-var-log-app cannot be removed: container late still mounts it; correct that in the manifest, run pillion uninject on it, and inject it again");
        }
    }

    @Test
    void aPatchForAChangedRequestAppliesToTheManifest() throws Exception {
        String path = DIRECTORY + "injected-then-another-profile.yaml";
        JsonNode patch = tree(Run.of("inject", "-f", path, "-o", "patch").out());
        List<String> operations = new ArrayList<>();
        patch.forEach(operation -> operations.add(operation.path("op").asText()));

        assertThat(operations).contains("remove", "add");
        assertThat(JsonPatch.apply(patch, tree(Files.readString(Path.of(path)))))
                .isEqualTo(Run.of("inject", "-f", path).documents().getFirst());
    }

    private static JsonNode tree(String yaml) throws Exception {
        return YamlReader.read(yaml).getFirst().tree();
    }
}
