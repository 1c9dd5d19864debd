package dev.pillion.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pillion.cli.InjectCommandTest;
import dev.pillion.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
    void explainsThePodOfTheTutorial() throws IOException {
        assertGolden("explain-myapp-pod.txt", Run.of("explain", "-f", "examples/myapp-pod.yaml"));
    }

    @Test
    void drawsTheOrderInWhichContainersStart() throws IOException {
        assertGolden(
                "explain-deployment.txt",
                Run.of("explain", "-f", "examples/deployment.yaml", "--inject", "proxy", "--wait-for", "cache:6379"));
    }

    @Test
    void showsWhatIsSkippedAndWhatThePodKeeps() throws IOException {
        assertGolden("explain-warnings.txt", Run.of("explain", "-f", "src/test/resources/cli/warnings.yaml"));
    }

    @Test
    void showsWhichPoliciesMatchThePod() throws IOException {
        assertGolden(
                "explain-policies.txt",
                Run.of("explain", "--profiles", "src/test/resources/cli/policies", "-f", "examples/deployment.yaml"));
    }

    @Test
    void showsWhichPoliciesMatchThePodOfALabelledNamespace(@TempDir Path directory) throws IOException {
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
    void showsWhatAnInjectedPodHas() {
        Run injected = Run.of("inject", "-f", "examples/myapp-pod.yaml");

        Run run = Run.withInput(injected.out(), "explain", "-f", "-");

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("""
                        Pod/myapp-pod in stdin: unchanged (already-injected)
                          the Pod already has everything that it requests

                          env, requested by annotation pillion.dev/inject
                            variables  FIRSTNAME=Piyush  env.pillion.dev/variables
                            the Pod has all of this already
                        """).contains("containers start in this order");
    }

    @Test
    void showsHowToRequestAProfile() {
        String pod = "{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: i}]}}";

        Run run = Run.withInput(pod, "explain", "-f", "-");

        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo("""
                        Pod/(no name) in stdin: unchanged (not-requested)
                          nothing requests a profile
                          request a profile by annotation pillion.dev/inject, or try --inject PROFILE; `pillion profiles`
                          lists the profiles
                        """);
    }

    @Test
    void showsWhyAPodIsDeniedAndExplainsTheOthers() {
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
    void reportsThatThereIsNothingToExplain() {
        Run run = Run.withInput("{apiVersion: v1, kind: Service}", "explain", "-f", "-");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .isEqualTo("nothing to explain: the input has no Pod and no workload with a Pod template\n");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void fitsOnATerminal(Path example) {
        for (int width : List.of(80, 100, 120)) {
            Run run = Run.ofWidth(width, "explain", "-f", example.toString(), "--profiles", "examples/profiles");

            assertThat(run.out().lines())
                    .allMatch(line -> line.length() <= width || !line.strip().contains(" "));
            assertThat(run.out().lines()).noneMatch(line -> line.endsWith(" "));
        }
    }

    @Test
    void namesTheCodeOfEachMistake() {
        Run run = Run.of("explain", "-f", "examples/myapp-pod.yaml", "--inject", "loging", "--set", "env.variable=a=b");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.out()).contains("mistake (unknown-profile): ", "mistake (unknown-parameter): ");
    }

    @Test
    void writesADenialAsJson() throws IOException {
        Run run = Run.of(
                "explain",
                "-f",
                "examples/myapp-pod.yaml",
                "--inject",
                "loging",
                "--set",
                "env.variable=a=b",
                "-o",
                "json");

        JsonNode workload = json(run).at("/workloads/0");
        assertThat(run.code()).isEqualTo(3);
        assertThat(workload.path("decision").asText()).isEqualTo("denied");
        assertThat(workload.path("mistakes").findValuesAsText("code"))
                .containsExactly("unknown-parameter", "unknown-profile");
        assertThat(workload.path("furtherMistakes").asInt()).isZero();
        assertThat(workload.path("patch")).isEmpty();
    }

    /** The JSON contains everything that the text contains. */
    @Test
    void writesPoliciesSkippedProfilesAndWarningsAsJson() throws IOException {
        JsonNode policies = json(Run.of(
                        "explain",
                        "--profiles",
                        "src/test/resources/cli/policies",
                        "-f",
                        "examples/deployment.yaml",
                        "-o",
                        "json"))
                .at("/workloads/0/policies");
        JsonNode warnings = json(Run.of("explain", "-f", "src/test/resources/cli/warnings.yaml", "-o", "json"));

        assertThat(policies.get(0).path("name").asText()).isEqualTo("payments-must-log");
        assertThat(policies.get(0).path("matches").asBoolean()).isFalse();
        assertThat(policies.get(0).path("mismatch").asText()).isNotEmpty();
        assertThat(warnings.findValues("skipped").stream().flatMap(JsonNode::valueStream))
                .isNotEmpty()
                .allSatisfy(skipped ->
                        assertThat(skipped.at("/reason/code").asText()).isNotEmpty());
        assertThat(warnings.findValues("warnings").stream().flatMap(JsonNode::valueStream))
                .isNotEmpty()
                .allSatisfy(
                        warning -> assertThat(warning.path("message").asText()).isNotEmpty());
    }

    /** The patch of the JSON is the patch that inject prints. */
    @ParameterizedTest
    @MethodSource("examples")
    void writesThePatchOfInjectAsJson(Path example) throws Exception {
        String[] input = {"-f", example.toString(), "--profiles", "examples/profiles"};
        Run inject = Run.of(Stream.of(new String[] {"inject", "-q", "-o", "patch"}, input)
                .flatMap(Stream::of)
                .toArray(String[]::new));
        Run explain = Run.of(Stream.of(new String[] {"explain", "-o", "json"}, input)
                .flatMap(Stream::of)
                .toArray(String[]::new));

        List<JsonNode> patches = json(explain).findValues("patch");

        assertThat(explain.code()).isEqualTo(inject.code());
        assertThat(operations(patches)).isEqualTo(operations(inject.documents()));
    }

    @Test
    void showsThePinnedGenerationAndWhoPinsIt() {
        assertThat(Run.of(pinned("text")).out())
                .contains(
                        "pinned, requested by annotation pillion.dev/inject",
                        "generation 44136fa3: pinned by annotation pinned.pillion.dev/generation");
    }

    private static String[] pinned(String output) {
        return new String[] {
            "explain",
            "--profiles",
            "src/test/resources/cli/pinned",
            "-f",
            "src/test/resources/cli/pinned.yaml",
            "-o",
            output
        };
    }

    @Test
    void documentsEachFieldOfTheJson() throws IOException {
        String page = Files.readString(Path.of("docs/manifests.md"));
        Set<String> fields = new TreeSet<>();
        for (String input : List.of("src/test/resources/cli/warnings.yaml", "examples")) {
            addFields(
                    json(Run.of("explain", "--profiles", "src/test/resources/cli/policies", "-f", input, "-o", "json")),
                    "",
                    fields);
        }
        addFields(json(Run.of(pinned("json"))), "", fields);

        assertThat(fields).contains("workloads[].mistakes[].code", "workloads[].audited[].outcome");
        assertThat(fields).allSatisfy(field -> assertThat(page).contains("`" + field + "`"));
        assertThat(Pattern.compile("`((?:workloads|findings)\\[][^`]*)`")
                        .matcher(page)
                        .results()
                        .map(match -> match.group(1))
                        .filter(field -> !field.equals("findings[]")))
                .containsExactlyInAnyOrderElementsOf(fields);
    }

    private static void addFields(JsonNode node, String path, Set<String> fields) {
        if (path.endsWith(".value") || path.endsWith(".patch") || node.isValueNode()) {
            fields.add(path);
        } else if (node.isArray()) {
            node.forEach(element -> addFields(element, path + "[]", fields));
        } else {
            node.properties()
                    .forEach(field ->
                            addFields(field.getValue(), (path.isEmpty() ? "" : path + ".") + field.getKey(), fields));
        }
    }

    private static List<JsonNode> operations(List<JsonNode> patches) {
        return patches.stream().flatMap(JsonNode::valueStream).toList();
    }

    private static JsonNode json(Run run) throws IOException {
        return new JsonMapper().readTree(run.out());
    }

    @Test
    void isColourfulOnATerminalOnly() {
        String[] explain = {"explain", "-f", "examples/deployment.yaml"};

        String enabled = Run.onTerminal(explain).out();

        assertThat(enabled).contains("\u001b[32minjected\u001b[0m");
        assertThat(enabled.replaceAll("\u001b\\[[0-9;]*m", ""))
                .isEqualTo(Run.of(explain).out());
    }

    private static void assertGolden(String name, Run run) throws IOException {
        Path golden = GOLDEN.resolve(name);
        if (Boolean.getBoolean("update")) {
            Files.writeString(golden, run.out());
        }
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .as("out of date? run ./mvnw test -Dtest=ExplainCommandTest -Dupdate=true")
                .isEqualTo(Files.readString(golden));
    }
}
