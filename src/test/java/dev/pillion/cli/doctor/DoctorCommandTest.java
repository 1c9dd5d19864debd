package dev.pillion.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pillion.cli.Run;
import dev.pillion.cli.doctor.check.FakeInstallation;
import dev.pillion.cli.terminal.Colors;
import dev.pillion.cli.terminal.VersionProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pillion doctor}: the responses of an API server go in. */
class DoctorCommandTest {

    private static final String SERVICE = "/api/v1/namespaces/pillion/services/pillion";

    /** What differs between two runs. */
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z");

    @TempDir
    private Path directory;

    private final FakeInstallation cluster = new FakeInstallation();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @BeforeEach
    void installTheVersionOfTheCommand() {
        cluster.setVersion(VersionProvider.version());
    }

    private Run doctor(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("doctor", "--kubeconfig"));
        arguments.add(cluster.server().kubeconfig(directory).toString());
        arguments.addAll(List.of(options));
        return Run.of(arguments.toArray(String[]::new));
    }

    private void breakService() {
        cluster.server().on(SERVICE, """
                {"metadata": {"name": "pillion"}, "spec": {"selector": {"app.kubernetes.io/name": "pillion"},
                 "ports": [{"port": 443, "targetPort": 9000}]}}
                """);
    }

    @Test
    void succeedsIfNoCheckFails() throws IOException {
        Run run = doctor();

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).endsWith("\n17 checks: no findings\n");
        assertThat(run.code()).isZero();
    }

    @Test
    void failsIfACheckFails() throws IOException {
        breakService();

        Run run = doctor();

        assertThat(run.out()).endsWith("\n17 checks: 1 failed, 0 warnings\n");
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void warningsAloneFailOnlyWithStrict() throws IOException {
        cluster.server().on(SERVICE, 403, "{}");

        assertThat(doctor().code()).isZero();
        assertThat(doctor("--strict").code()).isEqualTo(1);
    }

    @Test
    void printsEachFindingAsJson() throws IOException {
        breakService();

        JsonNode findings = new ObjectMapper().readTree(doctor("-o", "json").out());

        assertThat(findings.valueStream().map(finding -> finding.path("id").asText()))
                .contains("kubernetes-version", "dry-run-pod");
        assertThat(findings.valueStream()
                        .filter(finding -> finding.path("id").asText().equals("service")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.path("status").asText()).isEqualTo("failed");
                    assertThat(finding.path("finding").asText()).contains("to port 9000");
                    assertThat(finding.path("fix").asText()).startsWith("Apply your overlay again");
                    assertThat(finding.path("page").asText()).isEqualTo("docs/doctor.md#service");
                });
    }

    @Test
    void checksAClusterBeforeInstallation() throws IOException {
        JsonNode findings = new ObjectMapper()
                .readTree(doctor("--pre", "--image", "registry.example.com/pillion:1", "-o", "json")
                        .out());

        assertThat(findings.valueStream().map(finding -> finding.path("id").asText()))
                .containsExactly("kubernetes-version", "clock", "install-rights", "pod-security", "image");
    }

    @Test
    void readsTheGivenNamespaces() throws IOException {
        doctor("-n", "platform", "--dry-run-namespace", "shop");

        assertThat(cluster.server().requests())
                .contains("GET /apis/apps/v1/namespaces/platform/deployments/pillion")
                .contains("POST /api/v1/namespaces/shop/pods?dryRun=All");
    }

    @Test
    void anImageIsForAnInstallationOnly() throws IOException {
        Run run = doctor("--image", "x");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("--image: give --pre too; an installation has its image in its Deployment\n");
    }

    @Test
    void anApiServerThatDoesNotAnswerCannotBeChecked() throws IOException {
        Path kubeconfig = cluster.server().kubeconfig(directory);
        cluster.close();

        Run run = Run.of("doctor", "--kubeconfig", kubeconfig.toString());

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).matches("the API server at http://localhost:\\d+ cannot be reached: .*\n");
    }

    /** Run with {@code -Dupdate=true} to write the output into the page. */
    @Test
    void theDocumentationShowsTheOutput() throws IOException {
        breakService();
        cluster.setVersion("1.2.3");
        Path page = Path.of("docs/doctor.md");
        String text = Files.readString(page);
        StringWriter output = new StringWriter();
        DoctorReport report = new DoctorReport(new PrintWriter(output), new Colors(false), Symbols.UNICODE);
        cluster.runAll(report::print);
        report.printSummary();
        String printed = output.toString();
        String block =
                "```console\n$ pillion doctor\n" + TIME.matcher(printed).replaceAll("2027-01-01T00:00:00Z") + "```";
        if (Boolean.getBoolean("update")) {
            Files.writeString(
                    page,
                    Pattern.compile("(?s)```console\\n\\$ pillion doctor\\n.*?```")
                            .matcher(text)
                            .replaceFirst(Matcher.quoteReplacement(block)));
        } else {
            assertThat(text).contains(block);
        }
    }
}
