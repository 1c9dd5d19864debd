package dev.pillion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.cli.check.Expectation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The example catalog of a platform team. */
class PlatformExampleTest {

    private static final Path PLATFORM = Path.of("examples/platform");

    /** Run with {@code -Dupdate=true} to write the expected results of its cases, and read them before you commit them. */
    @Test
    void passesItsCheckWithoutALint() {
        Run run = Boolean.getBoolean("update")
                ? Run.of("check", PLATFORM.toString(), "--strict", "--update")
                : Run.of("check", PLATFORM.toString(), "--strict");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).endsWith(": all passed\n").doesNotContain("lint");
        assertThat(run.code()).isZero();
    }

    @Test
    void showsAPolicyOfEachMode() throws Exception {
        assertThat(CatalogReader.read(PLATFORM).policies().stream().map(Policy::mode))
                .containsExactlyInAnyOrder(Mode.values());
    }

    @Test
    void hasACaseForEachResult() throws Exception {
        try (Stream<Path> files = Files.walk(PLATFORM.resolve("cases"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsAll(Expectation.FILES);
        }
    }
}
