package dev.pillion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.yaml.YamlReader;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

public class InjectCommandTest {

    private static final Path EXAMPLES = Path.of("examples");
    private static final String BARE = """
            apiVersion: v1
            kind: Pod
            metadata: {name: bare}
            spec: {containers: [{name: app, image: nginx}]}
            """;

    public static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void printsTheManifestWithItsCompanions() throws Exception {
        Run run = Run.of("inject", "-f", "examples/myapp-pod.yaml");

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEqualTo("Pod/myapp-pod: injected env, wait-for\n");
        JsonNode pod = run.documents().getFirst();
        assertThat(pod.at("/spec/initContainers").findValuesAsText("name"))
                .startsWith("wait-for-myservice", "wait-for-mydb");
        assertThat(pod.at("/spec/containers/0/env/0/value").asText()).isEqualTo("Piyush");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void printsAPatchThatGivesTheSameManifest(Path example) throws Exception {
        String[] asking = {"inject", "-f", example.toString(), "--profiles", "examples/profiles", "-o"};

        Run patch = Run.of(with(asking, "patch"));
        Run manifest = Run.of(with(asking, "json"));

        assertThat(applied(
                        patch.out(),
                        YamlReader.read(Files.readString(example)).getFirst().tree()))
                .isEqualTo(new ObjectMapper().readTree(manifest.out()));
    }

    @Test
    void printsAPatchForEachDocumentWithPointersFromItsRoot() throws Exception {
        String stream = """
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: Service, metadata: {name: web}}
                - {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: i}]}}
                ---
                {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
                """;

        Run run = Run.withInput(stream, "inject", "-f", "-", "--inject", "logging", "-o", "patch");

        List<JsonNode> patches = new ArrayList<>();
        try (JsonParser parser = new ObjectMapper().createParser(run.out())) {
            while (parser.nextToken() != null) {
                patches.add(parser.readValueAsTree());
            }
        }
        assertThat(patches).hasSize(2);
        assertThat(patches.getFirst().findValuesAsText("path"))
                .contains("/items/1/metadata/annotations", "/items/1/spec/initContainers");
        assertThat(patches.getLast()).isEmpty();
    }

    @Test
    void writesItsOptionsAsAnnotations() throws Exception {
        Run run = Run.withInput(
                BARE,
                "inject",
                "-f",
                "-",
                "--inject",
                "logging,env",
                "--set",
                "logging.path=/var/log/nginx",
                "--set",
                "env.variables=A=1,B=2",
                "--wait-for",
                "db:5432");

        assertThat(run.code()).isZero();
        JsonNode pod = run.documents().getFirst();
        assertThat(pod.at("/metadata/annotations/pillion.dev~1inject").asText()).isEqualTo("logging, env");
        assertThat(pod.at("/metadata/annotations/logging.pillion.dev~1path").asText())
                .isEqualTo("/var/log/nginx");
        assertThat(pod.at("/spec/containers/0/volumeMounts/0/mountPath").asText())
                .isEqualTo("/var/log/nginx");
        assertThat(pod.at("/spec/containers/0/env")).hasSize(2);
        assertThat(pod.at("/spec/initContainers/0/name").asText()).isEqualTo("wait-for-db-5432");
    }

    @Test
    void addsItsOptionsToTheAnnotationsOfThePod() throws Exception {
        Run run = Run.of("inject", "-f", "examples/myapp-pod.yaml", "--inject", "logging", "--wait-for", "queue:5672");

        JsonNode annotations = run.documents().getFirst().at("/metadata/annotations");
        assertThat(annotations.path("pillion.dev/inject").asText()).isEqualTo("env, logging");
        assertThat(annotations.path("pillion.dev/wait-for").asText())
                .isEqualTo("dns://myservice, dns://mydb, queue:5672");
    }

    @Test
    void injectsAPodThatOptsOutIfAnOptionRequestsAProfile() {
        String pod = BARE.replace("{name: bare}", "{name: bare, annotations: {pillion.dev/inject: 'false'}}");

        assertThat(Run.withInput(pod, "inject", "-f", "-").err())
                .isEqualTo("Pod/bare: unchanged (opted-out): the Pod opts out by annotation pillion.dev/inject\n");
        assertThat(Run.withInput(pod, "inject", "-f", "-", "--inject", "logging")
                        .err())
                .isEqualTo("Pod/bare: injected logging\n");
    }

    @Test
    void includesTheAnnotationsOfItsOptionsInThePatch() throws Exception {
        Run patch = Run.withInput(BARE, "inject", "-f", "-", "--inject", "logging", "-o", "patch");
        Run manifest = Run.withInput(BARE, "inject", "-f", "-", "--inject", "logging", "-o", "json");

        assertThat(applied(patch.out(), YamlReader.read(BARE).getFirst().tree()))
                .isEqualTo(new ObjectMapper().readTree(manifest.out()));
    }

    @Test
    void changesNothingOnASecondRun() throws Exception {
        Run first = Run.of("inject", "-f", "examples/deployment.yaml");

        Run second = Run.withInput(first.out(), "inject", "-f", "-");

        assertThat(second.code()).isZero();
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(second.err())
                .isEqualTo(
                        "Deployment/web: unchanged (already-injected): the Pod already has everything that it requests\n");
    }

    @Test
    void printsNothingIfOneDocumentIsDenied() {
        Run run = Run.of("inject", "-f", "examples");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("examples/pod-with-sidecar.yaml: Pod/pod-with-sidecar: denied (unknown-profile): annotation "
                        + "pillion.dev/inject: there is no profile 'log-collector'; known: "
                        + String.join(", ", CatalogReader.builtIn().names()) + "\n");
    }

    @Test
    void printsTheWarningsOfOtherDocumentsIfOneIsDenied() {
        String pods = """
                apiVersion: v1
                kind: Pod
                metadata: {name: one, annotations: {pillion.dev/inject: env, env.pillion.dev/variables: A=1}}
                spec: {containers: [{name: web, image: i, env: [{name: A, value: own}]}]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: two, annotations: {pillion.dev/inject: loging}}
                spec: {containers: [{name: web, image: i}]}
                """;

        Run run = Run.withInput(pods, "inject", "-f", "-");

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err().lines())
                .hasSize(2)
                .first()
                .isEqualTo(
                        "warning: Pod/one: annotation pillion.dev/inject requests profile 'env', but container web keeps its own value of A");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --inject=loging                        | unknown-profile   | did you mean 'logging'?
            --set=loging.path=/x                   | unknown-profile   | did you mean 'logging'?
            --set=logging.pth=/x                   | unknown-parameter | did you mean 'path'?
            --inject=logging --set=logging.path=x  | invalid-value     | must be an absolute path such as /var/log/app
            --inject=logging --set=logging.image=x | locked-parameter  | the platform team has locked 'image'
            --inject=env                           | missing-parameter | set annotation env.pillion.dev/variables
            --wait-for=db                          | invalid-value     | has no port; write HOST:PORT
            """)
    void deniesWithACodeAndACorrection(String options, String code, String message) {
        Run run = Run.withInput(BARE, with(new String[] {"inject", "-f", "-"}, options.split(" ")));

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("stdin: Pod/bare: denied (" + code + "): ")
                .contains(message);
    }

    @Test
    void deniesAMistypedAnnotation() {
        String pod = BARE.replace("{name: bare}", "{name: bare, annotations: {pillion.dev/injekt: logging}}");

        assertThat(Run.withInput(pod, "inject", "-f", "-").err())
                .isEqualTo("stdin: Pod/bare: denied (unknown-annotation): annotation pillion.dev/injekt is unknown; "
                        + "did you mean 'pillion.dev/inject'?\n");
    }

    @Test
    void printsWarningsOnStandardErrorInQuietMode() {
        String pod = BARE.replace("spec: {", "spec: {hostNetwork: true, ")
                .replace("image: nginx", "image: nginx, ports: [{containerPort: 80}]");

        Run run = Run.withInput(pod, "inject", "-f", "-", "--inject", "proxy", "-q");

        assertThat(run.code()).isZero();
        assertThat(run.err())
                .isEqualTo(
                        "warning: Pod/bare: annotation pillion.dev/inject requests profile 'proxy', but its guard 'host-network' skips it: the Pod uses the node's network "
                                + "(hostNetwork), where the proxy would take a port of the node\n");
    }

    @Test
    void printsNoSummaryOnStandardErrorInQuietMode() {
        assertThat(Run.of("inject", "-f", "examples/deployment.yaml", "--quiet").err())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            1.34,    auto,      true
            v1.29.3, auto,      true
            1.28,    auto,      false
            1.28,    native,    true
            1.34,    container, false
            """)
    void addsNativeOrPlainSidecarsForTheKubernetesVersion(String version, String sidecars, boolean natively)
            throws Exception {
        Run run = Run.withInput(
                BARE,
                "inject",
                "-f",
                "-",
                "--inject",
                "logging",
                "--kubernetes-version",
                version,
                "--native-sidecars",
                sidecars);

        JsonNode spec = run.documents().getFirst().path("spec");
        assertThat(spec.path("initContainers").findValuesAsText("name").contains("log-tailer"))
                .isEqualTo(natively);
        assertThat(spec.path("containers").findValuesAsText("name").contains("log-tailer"))
                .isEqualTo(!natively);
    }

    @Test
    void hidesControlCharactersFromTheTerminal() {
        String pod = BARE.replace("{name: bare}", "{name: bare, annotations: {pillion.dev/inject: \"\\e[31mred\"}}");

        assertThat(Run.withInput(pod, "inject", "-f", "-").err())
                .contains("there is no profile '<U+001B>[31mred'")
                .doesNotContain("\u001b");
    }

    private static JsonNode applied(String patch, JsonNode document) throws IOException {
        JsonArray operations = read(patch).asJsonArray();
        return new ObjectMapper()
                .readTree(Json.createPatch(operations)
                        .apply(read(document.toString()))
                        .toString());
    }

    private static JsonStructure read(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            return reader.read();
        }
    }

    private static String[] with(String[] some, String... more) {
        return Stream.of(some, more).flatMap(Stream::of).toArray(String[]::new);
    }
}
