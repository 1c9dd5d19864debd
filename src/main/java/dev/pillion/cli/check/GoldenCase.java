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
 * A Pod and what is to become of it: a directory with {@code pod.yaml}, perhaps {@code namespace.yaml}, and one expectation.
 *
 * @param name its directory, below the one that is checked
 * @param expectation empty where there is none yet
 */
record GoldenCase(
        String name, Path directory, Manifest manifest, Namespaces namespaces, Optional<Expectation> expectation) {

    /** Its expectation, or its Pod where it has none yet. */
    Path file() {
        return directory.resolve(expectation.map(Expectation::file).orElse(CatalogReader.CASE_FILE));
    }

    /** What becomes of the Pod. */
    Expectation run(Catalog catalog, InjectionSettings settings) throws UnusableInputException {
        return Expectation.of(new Simulation(settings, catalog, namespaces, AdditionalRequest.nothing()).of(manifest));
    }

    /** The first link on the way from a directory to a file of the case that would be written or removed. */
    Optional<String> link(Path from) {
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

    /** Makes what became of the Pod what is expected of it. */
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
