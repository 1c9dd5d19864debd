package dev.pillion.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chart cannot refer to files outside of its directory, so it has copies of files of the overlays. */
class ChartFilesTest {

    private static final Path CHART = Path.of("deploy/helm/pillion");

    /** Run with {@code -Dupdate=true} to write it. */
    @ParameterizedTest
    @ValueSource(strings = {"alerts.yaml", "dashboard.json", "service-monitor.yaml"})
    void theCopyInTheChartIsUpToDate(String file) throws Exception {
        assertCopied(
                Path.of("deploy/components/monitoring", file),
                CHART.resolve("files").resolve(file));
    }

    /** Run with {@code -Dupdate=true} to write it. */
    @ParameterizedTest
    @ValueSource(strings = {"injectionprofiles.pillion.dev-v1.yml", "injectionpolicies.pillion.dev-v1.yml"})
    void theCustomResourcesInTheChartAreUpToDate(String file) throws Exception {
        assertCopied(Path.of("deploy/crds", file), CHART.resolve("crds").resolve(file));
    }

    private static void assertCopied(Path original, Path copy) throws Exception {
        String text = Files.readString(original);
        if (Boolean.getBoolean("update")) {
            Files.writeString(copy, text);
        }
        assertThat(copy)
                .as("out of date: run ./mvnw test -Dtest=ChartFilesTest -Dupdate=true")
                .hasContent(text);
    }
}
