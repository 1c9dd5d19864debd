package dev.pillion.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** The log of a start, and the libraries of the packaged application. */
class StartIT {

    private static final Path APPLICATION = Path.of(
                    System.getProperty("server.jar", "target/quarkus-app/quarkus-run.jar"))
            .getParent();

    @Test
    void warmsUpWithTheReviewsInTheSettingAndLogsNoProblem() throws Exception {
        List<String> log = start("-Dpillion.warm-up.reviews=36", "-Dpillion.warm-up.max-time=1m");

        assertThat(log).anyMatch(line -> line.contains("warmed up with 36 reviews"));
        assertThat(log).noneMatch(line -> line.contains("WARN") || line.contains("ERROR"));
    }

    @Test
    void warmsUpOnABusyNodeToo() throws Exception {
        assertThat(start("-Dpillion.warm-up.max-time=0s")).anyMatch(line -> line.contains("warmed up with 24 reviews"));
    }

    private static List<String> start(String... options) throws IOException {
        try (ServerProcess _ = ServerProcess.start("start", options)) {
            // Another thread writes the log.
            return await().until(() -> Files.readAllLines(Path.of("target/logs/start.log")), log -> log.stream()
                    .anyMatch(line -> line.contains("warmed up")));
        }
    }

    /** No AOT cache contains classes of a signed jar. */
    @Test
    void noLibraryIsSigned() throws Exception {
        try (Stream<Path> libraries = Files.list(APPLICATION.resolve("lib/main"))) {
            assertThat(libraries.filter(StartIT::isSigned)).isEmpty();
        }
    }

    /** Otherwise each start would check the built-in profiles. */
    @Test
    void containsTheCheckedProfiles() throws Exception {
        List<String> profiles = resources("profiles/.*[.]yaml");

        assertThat(profiles).isNotEmpty();
        assertThat(resources("checked-profiles/.*[.]json")).hasSameSizeAs(profiles);
    }

    private static List<String> resources(String pattern) throws IOException {
        try (Stream<Path> jars = Files.list(APPLICATION.resolve("app"));
                ZipFile jar = new ZipFile(jars.findFirst().orElseThrow().toFile())) {
            return jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.matches(pattern))
                    .toList();
        }
    }

    private static boolean isSigned(Path library) {
        try (ZipFile jar = new ZipFile(library.toFile())) {
            return jar.stream().anyMatch(entry -> entry.getName().matches("META-INF/[^/]*\\.SF"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
