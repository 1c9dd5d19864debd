package dev.pillion.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chart holds all that it needs, so it has copies of what kustomize reads where it is. */
class ChartFilesTest {

    private static final Path CHART = Path.of("deploy/helm/pillion");

    /** Run with {@code -Dupdate=true} to write it. */
    @ParameterizedTest
    @ValueSource(strings = {"alerts.yaml", "dashboard.json", "service-monitor.yaml"})
    void theChartsCopyIsUpToDate(String file) throws Exception {
        copied(
                Path.of("deploy/components/monitoring", file),
                CHART.resolve("files").resolve(file));
    }

    /** Run with {@code -Dupdate=true} to write it. */
    @ParameterizedTest
    @ValueSource(strings = {"injectionprofiles.pillion.dev-v1.yml", "injectionpolicies.pillion.dev-v1.yml"})
    void theChartsCustomResourcesAreUpToDate(String file) throws Exception {
        copied(Path.of("deploy/crds", file), CHART.resolve("crds").resolve(file));
    }

    private static void copied(Path original, Path copy) throws Exception {
        String text = Files.readString(original);
        if (Boolean.getBoolean("update")) {
            Files.writeString(copy, text);
        }
        assertThat(copy)
                .as("stale: run ./mvnw test -Dtest=ChartFilesTest -Dupdate=true")
                .hasContent(text);
    }
}
