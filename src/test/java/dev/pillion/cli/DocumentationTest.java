package dev.pillion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.LintRule;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.compile.InvalidCatalogException;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Injector;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.yaml.YamlReader;
import dev.pillion.yaml.YamlWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The output in the documentation is the output of Pillion. */
class DocumentationTest {

    private static final Pattern CONSOLE =
            Pattern.compile("```console\\n\\$ \\./pillion ((?!serve).*)\\n((?:.*\\n)*?)```");
    private static final Pattern ROW = Pattern.compile("^\\| ``? ?(.+?) ?``? \\| ``? ?(.+?) ?``? \\|(.*\\|)?$");

    @TempDir
    Path directory;

    /** Run with {@code -Dupdate=true} to write the output into the documents. */
    @TestFactory
    Stream<DynamicTest> aConsoleBlockShowsTheOutputOfItsCommand() {
        return Stream.of("README.md", "docs/check.md", "docs/policies.md").flatMap(page -> CONSOLE.matcher(text(page))
                .results()
                .map(block -> DynamicTest.dynamicTest(block.group(1), () -> shows(page, block))));
    }

    private static void shows(String page, MatchResult block) throws IOException {
        Run run = Run.of(block.group(1).split(" "));
        String printed = run.err() + run.out();
        if (Boolean.getBoolean("update")) {
            String shown = "```console\n$ ./pillion " + block.group(1) + "\n" + printed + "```";
            Files.writeString(Path.of(page), text(page).replace(block.group(), shown));
        } else {
            assertThat(block.group(2)).isEqualTo(printed);
        }
    }

    private static String text(String page) {
        try {
            return Files.readString(Path.of(page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyLintIsExplained(LintRule rule) {
        assertThat(text("docs/check.md")).contains("\n| `" + rule.id() + "` | ");
    }

    @TestFactory
    Stream<DynamicTest> aMistypedAnnotationGetsTheMessageInTheTable() throws Exception {
        return rows("## A Pod is denied")
                .map(row -> DynamicTest.dynamicTest(row.what(), () -> {
                    String[] annotation = row.what().split(": ", 2);
                    ObjectNode pod =
                            (ObjectNode) tree("{metadata: {name: web}, spec: {containers: [{name: web, image: app}]}}");
                    ((ObjectNode) pod.path("metadata"))
                            .putObject("annotations")
                            .put(annotation[0], scalar(annotation[1]));

                    Decision decision = new Injector(InjectionSettings.defaults())
                            .decide(Pod.of(pod), Namespace.named("default"), CatalogReader.builtIn());

                    assertThat(decision).isInstanceOfSatisfying(Decision.Denied.class, denied -> assertThat(
                                    denied.reason().message() + " ("
                                            + denied.reason().code() + ")")
                            .isEqualTo(row.answer()));
                }));
    }

    @TestFactory
    Stream<DynamicTest> aMistakeInAProfileGetsTheMessageInTheTable() throws Exception {
        return rows("## A profile cannot be used")
                .map(row -> DynamicTest.dynamicTest(row.what(), () -> {
                    String[] field = row.what().split(": ", 2);
                    JsonNode profile = tree("""
                    apiVersion: pillion.dev/v1alpha1
                    kind: InjectionProfile
                    metadata: {name: example}
                    spec:
                      description: An example.
                      parameters: [{name: path, type: path, default: /var/log/app}, {name: port, type: port, default: 80}]
                      sidecars: [{name: tail, image: "busybox:1.37", args: ["${params.path}", "${string(params.port)}"]}]
                    """);
                    set(profile, field[0], field[1]);
                    Path file = directory.resolve("example.yaml");
                    Files.writeString(file, YamlWriter.yaml(profile));

                    try {
                        CatalogReader.read(directory);
                        throw new AssertionError("the profile is taken");
                    } catch (InvalidCatalogException e) {
                        assertThat(e.problems()).hasSize(1);
                        assertThat(e.problems().getFirst().path() + ": "
                                        + e.problems().getFirst().message())
                                .isEqualTo(row.answer());
                    }
                }));
    }

    private record Row(String what, String answer) {}

    private static Stream<Row> rows(String heading) throws IOException {
        String page = Files.readString(Path.of("docs/troubleshooting.md"));
        String section = page.substring(page.indexOf(heading));
        List<Row> rows = section.substring(0, section.indexOf("\n## ", 1))
                .lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row ->
                        new Row(row.group(1).replace("\\|", "|"), row.group(2).replace("\\|", "|")))
                .toList();
        assertThat(rows).hasSizeGreaterThan(4);
        return rows.stream();
    }

    private static void set(JsonNode root, String path, String value) throws Exception {
        JsonNode owner = root;
        String[] steps = path.replace("[", ".").replace("]", "").split("\\.");
        for (int step = 0; step < steps.length - 1; step++) {
            JsonNode next = owner.isArray() ? owner.get(Integer.parseInt(steps[step])) : owner.path(steps[step]);
            owner = next.isMissingNode() ? ((ObjectNode) owner).putObject(steps[step]) : next;
        }
        ((ObjectNode) owner).set(steps[steps.length - 1], tree("x: " + value).path("x"));
    }

    private static String scalar(String yaml) throws Exception {
        return tree("x: " + yaml).path("x").textValue();
    }

    private static JsonNode tree(String yaml) throws Exception {
        return YamlReader.read(yaml).getFirst().tree();
    }
}
