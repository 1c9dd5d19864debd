package dev.pillion.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.DeltaType;
import dev.pillion.cli.Run;
import dev.pillion.cli.terminal.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** For every layout, {@code inject} only adds to the text of a manifest, and {@code uninject} restores the text. */
class ManifestTextTest {

    private static final String LAYOUTS = "src/test/resources/layouts";
    private static final String NAMESPACE = "src/test/resources/cli/namespace-that-logs.yaml";

    private static final List<List<String>> REQUESTS =
            List.of(List.of("-n", NAMESPACE), List.of("-n", NAMESPACE, "--native-sidecars", "container"));

    /** Each layout, and variants with other line breaks, starts and ends. */
    static Stream<Named<String>> layouts() {
        return files(LAYOUTS).flatMap(file -> {
            String name = file.getFileName().toString();
            String text = read(file);
            return Stream.of(
                    Named.of(name, text),
                    Named.of(name + " without a last line break", text.stripTrailing()),
                    Named.of(name + " with CRLF", text.replace("\n", "\r\n")),
                    Named.of(name + " with CR", text.replace("\n", "\r")),
                    Named.of(name + " with a byte order mark", "\ufeff" + text),
                    Named.of(name + " after blank lines", "\n\n" + text + "\n\n"));
        });
    }

    static Stream<Named<String>> files() {
        return files(LAYOUTS).map(file -> Named.of(file.getFileName().toString(), read(file)));
    }

    /** All manifests of the repository. The test ignores those that cannot be injected. */
    static Stream<Named<String>> corpus() {
        return Stream.of("examples", "src/test/resources", "deploy", "src/main/resources")
                .flatMap(ManifestTextTest::files)
                .filter(file -> !file.toString().contains("/fuzz/"))
                .map(file -> Named.of(file.toString(), read(file)));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void addsToAnyLayoutAndRestoresIt(String text) {
        for (List<String> request : REQUESTS) {
            Run injected = run(text, "inject", request);

            assertThat(injected.code()).as(injected.err()).isZero();
            assertThat(injected.err()).contains("injected");
            assertThatAdditionsAreRemoved(text, injected);
        }
    }

    /** Files that are joined have byte order marks in the middle. */
    @Test
    void addsToADocumentWithAByteOrderMarkAndRestoresIt() {
        String text = """
                apiVersion: v1
                kind: Pod
                metadata: {name: first}
                spec:
                  containers:
                  - {name: web, image: 'web:1'}
                ---
                """;
        addsToAnyLayoutAndRestoresIt(
                text + "\ufeff" + text + "\ufeff{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\"}\n");
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void addsToEveryManifestOfTheRepositoryAndRestoresIt(String text) {
        for (List<String> request : List.of(List.<String>of(), REQUESTS.getFirst())) {
            List<String> options = new ArrayList<>(request);
            options.addAll(List.of("--profiles", "examples/profiles"));

            Run injected = run(text, "inject", options);

            if (injected.code() == ExitCode.OK && !text.contains("pillion.dev/status")) {
                assertThatAdditionsAreRemoved(text, injected);
            }
        }
    }

    /** The status contains the values of annotations that options replace. */
    @ParameterizedTest
    @MethodSource("files")
    void restoresTheAnnotationsThatOptionsReplace(String text) {
        List<String> request =
                List.of("--inject", "logging,env", "--set", "env.variables=B=2", "--wait-for", "db:5432");

        Run injected = run(text, "inject", request);
        Run uninjected = run(injected.out(), "uninject", List.of());

        assertThat(injected.err()).contains("injected").doesNotContain("is rewritten without its comments");
        assertThat(uninjected.err()).doesNotContain("is rewritten without its comments");
        assertThat(uninjected.out()).isEqualTo(text);
    }

    private static void assertThatAdditionsAreRemoved(String text, Run injected) {
        Run uninjected = run(injected.out(), "uninject", List.of("--profiles", "examples/profiles"));

        assertThat(injected.err()).doesNotContain("is rewritten without its comments");
        assertThatLinesAreOnlyAdded(text, injected.out());
        assertThat(uninjected.code()).as(uninjected.err()).isZero();
        assertThat(uninjected.err()).doesNotContain("is rewritten without its comments");
        assertThat(uninjected.out()).isEqualTo(text);
    }

    /** The injection adds lines and extends lines with flow collections. It replaces a null or an alias that gets additions. */
    private static void assertThatLinesAreOnlyAdded(String text, String result) {
        for (AbstractDelta<String> delta :
                DiffUtils.diff(lines(text), lines(result)).getDeltas()) {
            assertThat(delta.getType()).as(delta.toString()).isIn(DeltaType.INSERT, DeltaType.CHANGE);
            String before = String.join("\n", delta.getSource().getLines());
            String after = String.join("\n", delta.getTarget().getLines());
            assertThat(isSubsequence(before.replaceAll("\\b[nN]ull\\b", ""), after))
                    .as(delta.toString())
                    .isTrue();
        }
    }

    private static List<String> lines(String text) {
        return Arrays.asList(text.split("\\r\\n|[\\r\\n]", -1));
    }

    /** Whether a text results from another text by removing characters. */
    private static boolean isSubsequence(String text, String of) {
        int at = 0;
        for (int index = 0; index < of.length() && at < text.length(); index++) {
            if (of.charAt(index) == text.charAt(at)) {
                at++;
            }
        }
        return at == text.length();
    }

    /** The additions have the indentation and the line breaks of the document, and comments keep their places. */
    @Test
    void addsInTheLayoutOfTheDocument() {
        String text = """
                # a Pod
                apiVersion: v1
                kind: Pod
                metadata:
                    name: 'web'   # its name
                    annotations: # for Pillion
                        # ask
                        pillion.dev/inject: env
                        env.pillion.dev/variables: "A=1"

                # what runs
                spec:
                    containers:
                        -   name: web
                            image: example.com/web:1 # {"$imagepolicy": "flux-system:web"}

                        # the second
                        -   {name: other, image: "example.com/other:1"} # compact
                """;

        assertThat(injectedWithoutStatus(text.replace("\n", "\r\n")))
                .isEqualTo(text.replace("variables: \"A=1\"\n", """
                        variables: "A=1"
                                pillion.dev/status: STATUS
                        """)
                        .replace("system:web\"}\n", """
                                system:web"}
                                            env:
                                                -   name: A
                                                    value: "1"
                                """)
                        .replace("other:1\"}", "other:1\", env: [{name: A, value: \"1\"}]}")
                        .replace("\n", "\r\n"));
    }

    @Test
    void expandsOnlyAnAliasThatGetsAdditions() {
        String text = """
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: web
                  annotations: &annotations
                    pillion.dev/inject: env
                    env.pillion.dev/variables: A=1
                spec:
                  template:
                    metadata:
                      annotations: *annotations # the same
                    spec:
                      containers:
                      - {name: web, image: i, env: &env [{name: B, value: b}]}
                      - {name: other, image: i, env: *env}
                """;

        assertThat(injectedWithoutStatus(text))
                .isEqualTo(text.replace("*annotations # the same\n", """
                        # pillion.dev: was *annotations # the same
                                pillion.dev/inject: env
                                env.pillion.dev/variables: "A=1"
                                pillion.dev/status: STATUS
                        """)
                        .replace("value: b}]", "value: b}, {name: A, value: \"1\"}]"));
    }

    @Test
    void printsSeveralFilesAsOneStream() {
        Path layouts = Path.of("src/test/resources/layouts");

        Run yaml = Run.of("inject", "-q", "-f", layouts.resolve("comments.yaml").toString(), "examples/job.yaml");
        Run json = Run.of(
                "inject",
                "-q",
                "-f",
                layouts.resolve("concatenated.json").toString(),
                layouts.resolve("pretty.json").toString());

        assertThat(yaml.out()).contains("# the end\n---\n").startsWith("# Copyright");
        assertThat(json.out()).startsWith("{\"apiVersion\"").doesNotContain("\n---");
    }

    /** The injected text, with {@code STATUS} instead of the status. */
    private static String injectedWithoutStatus(String text) {
        return run(text, "inject", List.of()).out().replaceAll("'\\{\"version.*}'", "STATUS");
    }

    private static Run run(String text, String command, List<String> options) {
        List<String> arguments = new ArrayList<>(List.of(command, "-f", "-"));
        arguments.addAll(options);
        return Run.withInput(text.getBytes(StandardCharsets.UTF_8), arguments.toArray(String[]::new));
    }

    private static Stream<Path> files(String directory) {
        try (Stream<Path> files = Files.walk(Path.of(directory))) {
            return files.filter(file -> file.toString().matches(".*\\.(yaml|yml|json)")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
