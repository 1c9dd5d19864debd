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
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which profiles there are. */
public final class CatalogOptions {

    @Option(
            names = "--profiles",
            paramLabel = "DIR",
            description =
                    "Profiles of your own; they stand beside the built-in ones, or in for those of the same name.")
    private Optional<Path> directory = Optional.empty();

    public Catalog catalog() throws UnusableInputException {
        return directory.isPresent() ? read(directory.get()) : CatalogReader.builtIn();
    }

    /** The directory, which is there. */
    public Optional<Path> directory() throws UnusableInputException {
        if (directory.isPresent()) {
            checkIsDirectory(directory.get());
        }
        return directory;
    }

    /** @throws UnusableInputException with every problem on a line of its own */
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
                    directory + (Files.exists(directory) ? ": is no directory" : ": no such directory"));
        }
    }
}
