package dev.pillion.catalog.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One file for each rule. The files under {@code valid} and {@code from-the-cluster} are valid. The first lines of the files under {@code invalid}
 * list exactly the problems that are reported.
 */
class ProfileFilesTest {

    private static final Path FILES = Path.of("src/test/resources/catalog");
    private static final String EXPECT = "# expect: ";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("valid")
    void isRead(Path file) throws Exception {
        assertThat(problems(file)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void isRejectedWithAllItsProblems(Path file) throws Exception {
        assertThat(problems(file)).containsExactlyInAnyOrderElementsOf(expected(file));
    }

    @Test
    void hasAPurposeInEveryInvalidFile() throws Exception {
        for (Arguments file : invalid().toList()) {
            @SuppressWarnings("unchecked")
            Path path = ((Named<Path>) file.get()[0]).getPayload();
            List<String> lines = Files.readAllLines(path);
            assertThat(lines.getFirst()).as(path.toString()).startsWith("# ").endsWith(".");
            assertThat(lines.get(1)).as(path.toString()).startsWith(EXPECT);
        }
    }

    static Stream<Arguments> valid() throws IOException {
        return Stream.concat(files("valid"), files("from-the-cluster"));
    }

    static Stream<Arguments> invalid() throws IOException {
        return files("invalid");
    }

    private static Stream<Arguments> files(String directory) throws IOException {
        try (Stream<Path> files = Files.list(FILES.resolve(directory))) {
            return files
                    .sorted()
                    .map(file -> Arguments.of(Named.of(file.getFileName().toString(), file)))
                    .toList()
                    .stream();
        }
    }

    private static List<String> expected(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(EXPECT))
                .map(line -> line.substring(EXPECT.length()))
                .toList();
    }

    private List<String> problems(Path file) throws IOException {
        Files.copy(file, directory.resolve(file.getFileName()));
        try {
            CatalogReader.read(directory);
            return List.of();
        } catch (InvalidCatalogException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }
}
