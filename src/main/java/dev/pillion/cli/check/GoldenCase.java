package dev.pillion.cli.check;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.cli.manifest.Manifest;
import dev.pillion.cli.manifest.Namespaces;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.simulate.AdditionalRequest;
import dev.pillion.cli.simulate.Simulation;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.yaml.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A Pod and its expected result: a directory with {@code pod.yaml}, optionally {@code namespace.yaml}, and one expectation.
 *
 * @param name the directory, relative to the one that is checked
 * @param expectation empty if there is none yet
 */
record GoldenCase(
        String name, Path directory, Manifest manifest, Namespaces namespaces, Optional<Expectation> expectation) {

    /** The file of the expectation, or of the Pod if there is none. */
    Path file() {
        return directory.resolve(expectation.map(Expectation::file).orElse(CatalogReader.CASE_FILE));
    }

    /** The actual result for the Pod. */
    Expectation run(Catalog catalog, InjectionSettings settings) throws UnusableInputException {
        return Expectation.of(new Simulation(settings, catalog, namespaces, AdditionalRequest.none()).of(manifest));
    }

    /** The first symbolic link between a directory and the files that an update writes or removes. */
    Optional<String> symbolicLink(Path from) {
        Path step = from;
        for (Path name : from.relativize(directory)) {
            step = step.resolve(name);
            if (Files.isSymbolicLink(step)) {
                return Optional.of(step.toString());
            }
        }
        return Expectation.FILES.stream()
                .map(directory::resolve)
                .filter(Files::isSymbolicLink)
                .map(Path::toString)
                .findFirst();
    }

    /** Writes the actual result as the expected result. */
    void update(Expectation actual) throws UnusableInputException {
        try {
            for (String file : Expectation.FILES) {
                Files.deleteIfExists(directory.resolve(file));
            }
            Files.writeString(directory.resolve(actual.file()), YamlWriter.yaml(actual.tree()));
        } catch (IOException e) {
            throw new UnusableInputException(directory + ": cannot be written: " + e.getMessage());
        }
    }
}
