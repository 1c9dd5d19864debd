package dev.pillion.cli.option;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.compile.InvalidCatalogException;
import dev.pillion.catalog.compile.Problem;
import dev.pillion.cli.manifest.UnusableInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The directory of profiles and policies. */
public final class CatalogOptions {

    @Option(
            names = "--profiles",
            paramLabel = "DIR",
            description =
                    "Directory of your profiles and policies. A profile replaces a built-in one of the same name.")
    private Optional<Path> directory = Optional.empty();

    /** The profiles, and the policies that have not ended. */
    public Catalog catalog() throws UnusableInputException {
        return withEndedPolicies().at(Instant.now());
    }

    public Catalog withEndedPolicies() throws UnusableInputException {
        return directory.isPresent() ? read(directory.get()) : CatalogReader.builtIn();
    }

    /** The directory, which exists. */
    public Optional<Path> directory() throws UnusableInputException {
        if (directory.isPresent()) {
            checkIsDirectory(directory.get());
        }
        return directory;
    }

    /** @throws UnusableInputException with one line for each problem */
    static Catalog read(Path directory) throws UnusableInputException {
        checkIsDirectory(directory);
        try {
            return CatalogReader.read(directory);
        } catch (InvalidCatalogException e) {
            throw new UnusableInputException(e.problems().stream()
                    .map(problem -> new Problem(
                            directory.resolve(problem.file()).toString(),
                            problem.line(),
                            problem.path(),
                            problem.message()))
                    .map(Problem::toString)
                    .collect(Collectors.joining("\n")));
        } catch (IOException | UncheckedIOException e) {
            throw new UnusableInputException(directory + ": cannot be read: " + e.getMessage());
        }
    }

    public static void checkIsDirectory(Path directory) throws UnusableInputException {
        if (!Files.isDirectory(directory)) {
            throw new UnusableInputException(
                    directory + (Files.exists(directory) ? ": is not a directory" : ": no such directory"));
        }
    }
}
