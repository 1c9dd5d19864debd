package dev.pillion.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.Run;
import dev.pillion.cli.terminal.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The claim templates of a workload count as volumes of its Pods. */
class ClaimTemplateTest {

    private static final String FIELD = "src/test/resources/field/";

    @Test
    void aClaimWithTheNameOfTheSharedVolumeIsDenied() {
        Run run = Run.of("inject", "-f", FIELD + "sts-vct-same-name.yaml");

        assertThat(run.code()).isEqualTo(ExitCode.DENIED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo(
                        FIELD
                                + "sts-vct-same-name.yaml: StatefulSet/db: denied (name-taken): annotation pillion.dev/inject requests profile 'logging', but the Pod has a different volume called 'pillion-var-log-app' from a claim template; rename it\n");
    }

    @ParameterizedTest
    @CsvSource({"log-volume-is-claim-template.yaml", "claim-template-not-mounted.yaml"})
    void aClaimWithTheNameOfAProfilesVolumeIsDenied(String file) {
        Run run = Run.of("inject", "-f", FIELD + file, "--profiles", "examples/profiles");

        assertThat(run.code()).isEqualTo(ExitCode.DENIED);
        assertThat(run.err())
                .endsWith("but the Pod has a different volume called 'log-volume' from a claim template; rename it\n");
    }

    @ParameterizedTest
    @CsvSource({
        "apps/v1, StatefulSet, ''",
        "apps/v1, StatefulSet, 'volumes: [{name: logs, emptyDir: {}}]'",
    })
    void aClaimThatIsMountedAtTheDirectoryIsShared(String apiVersion, String kind, String volumes) throws Exception {
        Run run = Run.withInput(
                workload(apiVersion, kind, "{accessModes: [ReadWriteOnce]}", volumes),
                "inject",
                "-f",
                "-",
                "--inject",
                "logging");

        assertThat(run.code()).as(run.err()).isZero();
        var spec = run.documents().getFirst().at("/spec/template/spec");
        assertThat(spec.path("volumes").findValuesAsText("name")).doesNotContain("pillion-var-log-app");
        assertThat(spec.at("/initContainers/0/volumeMounts/0/name").asText()).isEqualTo("logs");
        assertThat(spec.at("/initContainers/0/volumeMounts/0/readOnly").asBoolean())
                .isTrue();
    }

    @Test
    void aClaimReplacesAVolumeOfTheTemplateWithTheSameName() {
        Run run = Run.withInput(
                workload(
                        "apps/v1",
                        "StatefulSet",
                        "{accessModes: [ReadOnlyMany]}",
                        "volumes: [{name: logs, emptyDir: {}}]"),
                "inject",
                "-f",
                "-",
                "--inject",
                "git-sync",
                "--set",
                "git-sync.repo=https://git.example.com/a.git",
                "--set",
                "git-sync.path=/var/log/app");

        assertThat(run.code()).isEqualTo(ExitCode.DENIED);
        assertThat(run.err())
                .contains(
                        "mounts volume 'logs', of kind persistentVolumeClaim with readOnly: true, which is read-only");
    }

    @Test
    void anExpressionSeesTheClaimAmongTheVolumes() throws Exception {
        var profiles = java.nio.file.Files.createTempDirectory("profiles");
        java.nio.file.Files.writeString(profiles.resolve("claims.yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionProfile
                metadata: {name: claims}
                spec:
                  description: Says which claims there are.
                  app:
                    env: [{name: CLAIMS, value: "${pod.spec.?volumes.orValue([]).filter(v, has(v.persistentVolumeClaim)).map(v, v.name).join(' ')}"}]
                """);

        Run run = Run.withInput(
                workload("apps/v1", "StatefulSet", "{}", ""),
                "inject",
                "-f",
                "-",
                "--profiles",
                profiles.toString(),
                "--inject",
                "claims");

        assertThat(run.documents()
                        .getFirst()
                        .at("/spec/template/spec/containers/0/env/0/value")
                        .asText())
                .isEqualTo("logs");
    }

    @Test
    void uninjectingRestoresATemplate() throws Exception {
        String input = workload("apps/v1", "StatefulSet", "{}", "");
        Run injected = Run.withInput(input, "inject", "-f", "-", "--inject", "logging");

        Run back = Run.withInput(injected.out(), "uninject", "-f", "-");

        assertThat(back.documents().getFirst().at("/spec/template/spec/containers"))
                .isEqualTo(Run.withInput(input, "uninject", "-f", "-")
                        .documents()
                        .getFirst()
                        .at("/spec/template/spec/containers"));
        assertThat(back.documents().getFirst().at("/spec/template/spec").has("volumes"))
                .isFalse();
    }

    private static String workload(String apiVersion, String kind, String claim, String volumes) {
        return """
                apiVersion: %s
                kind: %s
                metadata: {name: db}
                spec:
                  template:
                    spec:
                      containers:
                        - {name: db, image: db, volumeMounts: [{name: logs, mountPath: /var/log/app}]}
                      %s
                  volumeClaimTemplates:
                    - metadata: {name: logs}
                      spec: %s
                """.formatted(apiVersion, kind, volumes, claim);
    }
}
