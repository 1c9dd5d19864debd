package dev.pillion.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A directory with the profiles and policies of the examples and of these tests. */
final class Catalog {

    private static final List<String> SOURCES = List.of("profiles", "platform/profiles", "platform/policies");

    static final Path OF_EXAMPLES = copied();

    private Catalog() {}

    private static Path copied() {
        try {
            Path directory = Environment.temporaryDirectory("catalog");
            for (String source : SOURCES) {
                Path below = Files.createDirectories(directory.resolve(source));
                try (Stream<Path> files =
                        Files.list(Environment.ROOT.resolve("examples").resolve(source))) {
                    for (Path file : files.toList()) {
                        Files.copy(file, below.resolve(file.getFileName()));
                    }
                }
            }
            Files.writeString(directory.resolve("enforced.yaml"), EnforcementTest.policies());
            Files.writeString(directory.resolve("permissions.yaml"), InitCausesTest.catalog());
            return directory.toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
