package dev.pillion.cli.check;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.compile.InvalidCatalogException;
import dev.pillion.catalog.lint.Linter;
import dev.pillion.cli.check.CheckedCase.Failed;
import dev.pillion.cli.check.CheckedCase.Passed;
import dev.pillion.cli.check.CheckedCase.Result;
import dev.pillion.cli.check.CheckedCase.Written;
import dev.pillion.cli.manifest.SourceLocation;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.injection.settings.InjectionSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compiles the profiles and policies of a directory, lints them, and runs the cases in it.
 *
 * @param update whether the actual result of a case is written as its expected result
 * @param settings the settings of the cluster that the cases are for
 */
record Check(Path directory, boolean update, InjectionSettings settings) {

    private static final String BUILT_IN = "built in";

    CheckReport run() throws UnusableInputException {
        List<Finding> problems = new ArrayList<>();
        Optional<Catalog> compiled = catalog(problems);
        List<GoldenCase> cases = new GoldenCaseReader(directory, problems).read();
        if (compiled.isEmpty() || !problems.isEmpty()) {
            return CheckReport.unusable(directory, problems);
        }
        Catalog catalog = compiled.get();
        List<CheckedCase> checked = new ArrayList<>();
        Catalog inForce = catalog.at(Instant.now());
        for (GoldenCase each : cases) {
            checked.add(new CheckedCase(each.name(), each.file(), result(each, inForce)));
        }
        long profiles = catalog.profiles().stream()
                .filter(profile -> !profile.source().equals(BUILT_IN))
                .count();
        return new CheckReport(
                directory, Math.toIntExact(profiles), catalog.policies().size(), List.of(), lints(catalog), checked);
    }

    private Optional<Catalog> catalog(List<Finding> problems) throws UnusableInputException {
        try {
            return Optional.of(CatalogReader.read(directory));
        } catch (InvalidCatalogException e) {
            e.problems().forEach(problem -> problems.add(Finding.of(problem, directory)));
            return Optional.empty();
        } catch (IOException | UncheckedIOException e) {
            throw new UnusableInputException(SourceLocation.of(directory), "cannot be read: " + e.getMessage());
        }
    }

    private List<Finding> lints(Catalog catalog) throws UnusableInputException {
        try {
            return Linter.lint(directory, catalog, Instant.now()).stream()
                    .map(lint -> Finding.of(lint, directory))
                    .toList();
        } catch (IOException e) {
            throw new UnusableInputException(SourceLocation.of(directory), "cannot be read: " + e.getMessage());
        }
    }

    private Result result(GoldenCase each, Catalog catalog) throws UnusableInputException {
        Expectation actual = each.run(catalog, settings);
        Optional<Expectation> expected = each.expectation();
        if (expected.isPresent() && expected.get().isMetBy(actual)) {
            return new Passed();
        }
        if (update) {
            Optional<String> link = each.symbolicLink(directory);
            if (link.isPresent()) {
                return new Failed(
                        List.of(
                                link.get()
                                        + " is a symbolic link; check --update does not follow links, so update the case in its own directory"));
            }
            each.update(actual);
            return new Written(actual.file());
        }
        return new Failed(
                expected.isPresent()
                        ? Difference.between(expected.get(), actual)
                        : List.of("has no expected result; run with --update to write " + actual.file()));
    }
}
