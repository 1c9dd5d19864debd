package dev.pillion.cli.doctor.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.doctor.check.Finding.Status;
import dev.pillion.cluster.StubApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What all checks have in common. */
class ChecksTest {

    private final FakeInstallation cluster = new FakeInstallation();

    @AfterEach
    void stop() {
        cluster.close();
    }

    static Stream<Check> checks() {
        return Stream.concat(Checks.BEFORE_INSTALLATION.stream(), Checks.INSTALLED.stream());
    }

    @ParameterizedTest
    @EnumSource
    void everyIdHasACheck(CheckId id) {
        assertThat(checks().map(Check::id)).contains(id);
    }

    @Test
    void theDocumentationHasAHeadingForEachId() throws IOException {
        List<String> headings = Pattern.compile("(?m)^### (.+)$")
                .matcher(Files.readString(Path.of("docs/doctor.md")))
                .results()
                .map((MatchResult heading) -> heading.group(1))
                .toList();

        assertThat(headings)
                .containsExactlyElementsOf(
                        Arrays.stream(CheckId.values()).map(CheckId::id).toList());
    }

    @Test
    void theChecksRunInTheOrderOfTheirIds() {
        assertThat(Checks.INSTALLED.stream().map(Check::id)).isSorted();
        assertThat(Checks.BEFORE_INSTALLATION.stream().map(Check::id)).isSorted();
    }

    @ParameterizedTest
    @MethodSource("checks")
    void findsNothingInAHealthyInstallation(Check check) {
        assertThat(cluster.run(check)).isNotEmpty().allSatisfy(finding -> {
            assertThat(finding.status()).as(finding.sentence()).isEqualTo(Status.OK);
            assertThat(finding.check()).isEqualTo(check.id());
            assertThat(finding.fix()).isEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("checks")
    void reportsWhichRightIsMissing(Check check) {
        String right = cluster.forbidFor(check.id());

        assertThat(cluster.run(check)).anySatisfy(finding -> {
            assertThat(finding.status()).isEqualTo(Status.WARNING);
            assertThat(finding.sentence()).contains("Not checked", right);
            assertThat(finding.fix()).contains(right);
        });
        assertThat(cluster.run(check)).noneMatch(finding -> finding.status() == Status.FAILED);
    }

    @Test
    void anErrorOfTheApiServerIsAWarning() {
        cluster.server.on(
                "/apis/apps/v1/namespaces/pillion/deployments/pillion", 500, "{\"message\": \"etcd is full\"}");

        assertThat(cluster.run(new DeploymentCheck())).singleElement().satisfies(finding -> {
            assertThat(finding.status()).isEqualTo(Status.WARNING);
            assertThat(finding.sentence())
                    .startsWith("Not checked: ")
                    .endsWith("answered 500 to a request of"
                            + " /apis/apps/v1/namespaces/pillion/deployments/pillion: etcd is full");
        });
    }

    @Test
    void noCheckWritesAnything() {
        checks().forEach(cluster::run);

        StubApiServer server = cluster.server;
        assertThat(server.requests())
                .allMatch(request -> request.startsWith("GET ")
                        || request.matches("POST .*/(self)?subjectaccessreviews")
                        || request.endsWith("/pods?dryRun=All"));
    }
}
