package dev.pillion.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.InjectCommandTest;
import dev.pillion.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExplainCommandTest {

    private static final Path GOLDEN = Path.of("src/test/resources/cli");

    static List<Path> examples() throws IOException {
        return InjectCommandTest.examples();
    }

    @Test
    void explainsTheTutorialsPod() throws IOException {
        assertGolden("explain-myapp-pod.txt", Run.of("explain", "-f", "examples/myapp-pod.yaml"));
    }

    @Test
    void drawsInWhichOrderContainersStart() throws IOException {
        assertGolden(
                "explain-deployment.txt",
                Run.of("explain", "-f", "examples/deployment.yaml", "--inject", "proxy", "--wait-for", "cache:6379"));
    }

    @Test
    void saysWhatIsSkippedAndWhatThePodKeeps() throws IOException {
        assertGolden("explain-warnings.txt", Run.of("explain", "-f", "src/test/resources/cli/warnings.yaml"));
    }

    @Test
    void saysHowEachPolicySeesThePod() throws IOException {
        assertGolden(
                "explain-policies.txt",
                Run.of("explain", "--profiles", "src/test/resources/cli/policies", "-f", "examples/deployment.yaml"));
    }

    @Test
    void saysHowEachPolicySeesThePodOfALabelledNamespace(@TempDir Path directory) throws IOException {
        Path namespace = directory.resolve("namespace.yaml");
        Files.writeString(
                namespace, "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: payments}}}");

        Run run = Run.of(
                "explain",
                "--profiles",
                "src/test/resources/cli/policies",
                "--namespace",
                namespace.toString(),
                "-f",
                "examples/cronjob.yaml");

        assertThat(run.out() + run.err())
                .contains("denied (locked-parameter)")
                .contains("policy payments-must-log sets 'path' to /var/log/nginx")
                .contains("payments-must-log  Enforce, priority 100  gives logging");
    }

    @Test
    void saysWhatAPodHasThatIsInjectedAlready() {
        Run injected = Run.of("inject", "-f", "examples/myapp-pod.yaml");

        Run run = Run.withInput(injected.out(), "explain", "-f", "-");

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("""
                        Pod/myapp-pod in stdin: unchanged (already-injected)
                          the Pod already has everything that it requests

                          env, requested by annotation pillion.dev/inject
                            variables  FIRSTNAME=Piyush  env.pillion.dev/variables
                            all of it is there already
                        """).contains("containers start in this order");
    }

    @Test
    void saysHowToAskWhereNothingIsAsked() {
        String pod = "{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: i}]}}";

        Run run = Run.withInput(pod, "explain", "-f", "-");

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("""
                        Pod/(no name) in stdin: unchanged (not-requested)
                          nothing requests a profile
                          ask with annotation pillion.dev/inject, or try --inject PROFILE; `pillion profiles` lists them
                        """);
    }

    @Test
    void saysWhyAPodIsDeniedAndExplainsTheOthers() {
        Run run = Run.of("explain", "-f", "examples");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.out()).contains("Pod/myapp-pod in examples/myapp-pod.yaml: injected\n", """
                        Pod/pod-with-sidecar in examples/pod-with-sidecar.yaml: denied (unknown-profile)
                          annotation pillion.dev/inject: there is no profile 'log-collector'; known: backup, config-reload,
                          env, file-sync, git-sync, log-shipper, logging, metrics, migrate, permissions, prefetch, proxy,
                          wait-for
                        """);
    }

    @Test
    void saysThatThereIsNothingToExplain() {
        Run run = Run.withInput("{apiVersion: v1, kind: Service}", "explain", "-f", "-");

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("nothing to explain: there is no Pod and no workload with a Pod template\n");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void fitsOnATerminal(Path example) {
        Run run = Run.of("explain", "-f", example.toString(), "--profiles", "examples/profiles");

        assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
        assertThat(run.out().lines()).noneMatch(line -> line.endsWith(" "));
    }

    @Test
    void isColourfulOnATerminalOnly() {
        String[] explain = {"explain", "-f", "examples/deployment.yaml"};

        String colourful = Run.onTerminal(explain).out();

        assertThat(colourful).contains("\u001b[32minjected\u001b[0m");
        assertThat(colourful.replaceAll("\u001b\\[[0-9;]*m", ""))
                .isEqualTo(Run.of(explain).out());
    }

    private static void assertGolden(String name, Run run) throws IOException {
        Path golden = GOLDEN.resolve(name);
        if (Boolean.getBoolean("update")) {
            Files.writeString(golden, run.out());
        }
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .as("stale? run ./mvnw test -Dtest=ExplainCommandTest -Dupdate=true")
                .isEqualTo(Files.readString(golden));
    }
}
