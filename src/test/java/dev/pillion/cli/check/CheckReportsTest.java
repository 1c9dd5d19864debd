package dev.pillion.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pillion.cli.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The JUnit and SARIF reports of {@code check}. */
class CheckReportsTest extends CheckedDirectory {

    private static final String LINTED = PROFILE.replace("Hello ${params.name}", "Hello <you>");

    @TempDir
    private Path reports;

    @BeforeEach
    void writeAProfileWithALintAndTwoCases() throws IOException {
        write("greeting.yaml", LINTED);
        write("cases/good/pod.yaml", POD);
        check("--update");
        write("cases/bad/pod.yaml", POD);
        write("cases/bad/denied.yaml", "code: unknown-profile\n");
    }

    @Test
    void hasAJunitTestForTheCatalogEachLintAndEachCase() throws Exception {
        Element suite = junit();

        assertThat(suite.getTagName()).isEqualTo("testsuite");
        assertThat(suite.getAttribute("name")).isEqualTo("pillion check " + directory);
        assertThat(counts(suite)).containsExactly("4", "1", "0", "1");
        assertThat(outcomes(suite))
                .containsExactly(
                        "pillion.catalog compiles",
                        "pillion.lint unused-parameter " + directory
                                + "/greeting.yaml:7 skipped: spec.parameters[0]: nothing in"
                                + " the profile uses params.name; use it or remove the parameter",
                        "pillion.case cases/bad failure: the result is not as " + directory
                                + "/cases/bad/denied.yaml expects",
                        "pillion.case cases/good");
        assertThat(suite.getElementsByTagName("failure").item(0).getTextContent())
                .isEqualTo("expected denied (unknown-profile), but the result is injected");
    }

    @Test
    void failsTheJunitTestOfALintInStrictMode() throws Exception {
        assertThat(counts(junit("--strict"))).containsExactly("4", "2", "0", "0");
    }

    @Test
    void hasAJunitTestForEachProblemOfAnInvalidCatalog() throws Exception {
        write("greeting.yaml", LINTED.replace("type: string", "type: sting\\u0001\\ud800"));
        write("torn/pod.yaml", "kind: [");

        Element suite = junit();

        assertThat(counts(suite)).containsExactly("2", "2", "0", "0");
        assertThat(outcomes(suite))
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("pillion.catalog invalid-catalog " + directory
                                        + "/greeting.yaml:7 failure: spec.parameters[0].type: unknown type 'sting"),
                        second -> assertThat(second)
                                .startsWith("pillion.catalog unusable-case " + directory
                                        + "/torn/pod.yaml:1 failure: is not YAML: "));
    }

    @Test
    void hasASarifResultWithRuleLevelAndLine() throws Exception {
        JsonNode run = sarif();

        assertThat(run.at("/tool/driver/name").asText()).isEqualTo("Pillion");
        assertThat(run.at("/tool/driver/rules").findValuesAsText("id"))
                .contains("invalid-catalog", "unusable-case", "failed-case", "floating-image");
        assertThat(results(run))
                .containsExactly(
                        "unused-parameter warning greeting.yaml:7 spec.parameters[0]: nothing in the profile uses params.name;"
                                + " use it or remove the parameter",
                        "failed-case error denied.yaml:1 the result differs:\nexpected denied (unknown-profile), but the result is injected");
        assertThat(run.at("/results/0/locations/0/logicalLocations/0/fullyQualifiedName")
                        .asText())
                .isEqualTo("spec.parameters[0]");
    }

    @Test
    void hasTheIndexOfTheRuleInASarifResult() throws Exception {
        JsonNode run = sarif();

        assertThat(run.path("results")).isNotEmpty().allSatisfy(result -> assertThat(run.at("/tool/driver/rules")
                        .get(result.path("ruleIndex").asInt())
                        .path("id"))
                .isEqualTo(result.path("ruleId")));
    }

    @Test
    void hasALintAsSarifErrorInStrictMode() throws Exception {
        assertThat(results(sarif("--strict")).getFirst()).startsWith("unused-parameter error ");
    }

    @Test
    void hasRelativePathsOfFilesBelowTheWorkingDirectoryInSarif() throws Exception {
        Path log = reports.resolve("check.sarif");

        Run.of("check", "src/test/resources/cli/not-compiling", "--sarif", log.toString());

        assertThat(tree(log)
                        .at("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri")
                        .asText())
                .isEqualTo("src/test/resources/cli/not-compiling/a%20profile.yaml");
        assertThat(sarif().findValuesAsText("uri").getFirst()).startsWith("file:///");
    }

    @Test
    void hasASarifResultForEachProblemOfAnInvalidCatalog() throws Exception {
        write("greeting.yaml", LINTED.replace("type: string", "type: sting"));

        assertThat(results(sarif()))
                .containsExactly(
                        "invalid-catalog error greeting.yaml:7 spec.parameters[0].type: unknown type 'sting'; did you"
                                + " mean 'string'?");
    }

    @Test
    void createsTheDirectoryOfAReport() {
        Path file = reports.resolve("target/reports/check.xml");

        check("--junit", file.toString());

        assertThat(file).exists();
    }

    @Test
    void reportsThatAReportCannotBeWritten() {
        Run run = check("--junit", directory.toString());

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith(directory + ": cannot be written: ");
    }

    private Element junit(String... options) throws Exception {
        Path file = reports.resolve("check.xml");
        check(with(options, "--junit", file.toString()));
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getDocumentElement();
    }

    private JsonNode sarif(String... options) throws IOException {
        Path file = reports.resolve("check.sarif");
        check(with(options, "--sarif", file.toString()));
        assertThat(tree(file).path("version").asText()).isEqualTo("2.1.0");
        return tree(file).at("/runs/0");
    }

    private static JsonNode tree(Path file) throws IOException {
        return new JsonMapper().readTree(file.toFile());
    }

    private static List<String> counts(Element suite) {
        return List.of("tests", "failures", "errors", "skipped").stream()
                .map(suite::getAttribute)
                .toList();
    }

    /** Each test with its outcome. */
    private static List<String> outcomes(Element suite) {
        NodeList tests = suite.getElementsByTagName("testcase");
        return IntStream.range(0, tests.getLength())
                .mapToObj(tests::item)
                .map(Element.class::cast)
                .map(test -> test.getAttribute("classname") + " " + test.getAttribute("name")
                        + (test.getFirstChild() instanceof Element outcome
                                ? " " + outcome.getTagName() + ": " + outcome.getAttribute("message")
                                : ""))
                .toList();
    }

    private static List<String> results(JsonNode run) {
        return run.path("results")
                .valueStream()
                .map(result -> {
                    JsonNode location = result.at("/locations/0/physicalLocation");
                    String uri = location.at("/artifactLocation/uri").asText();
                    return result.path("ruleId").asText() + " "
                            + result.path("level").asText() + " " + uri.substring(uri.lastIndexOf('/') + 1) + ":"
                            + location.at("/region/startLine").asText() + " "
                            + result.at("/message/text").asText();
                })
                .toList();
    }

    private static String[] with(String[] options, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }
}
