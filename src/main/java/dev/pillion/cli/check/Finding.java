package dev.pillion.cli.check;

import dev.pillion.catalog.compile.Problem;
import dev.pillion.catalog.lint.Lint;
import dev.pillion.cli.manifest.SourceLocation;
import dev.pillion.cli.manifest.UnusableInputException;
import java.nio.file.Path;

/**
 * A problem that {@code check} found in a file.
 *
 * @param rule a stable name for other programs
 * @param field for example {@code spec.sidecars[0].image}; empty for the whole file
 */
record Finding(String rule, Level level, SourceLocation location, String field, String message) {

    /** A profile or policy that does not compile. */
    static final String INVALID = "invalid-catalog";

    /** A case that cannot be read. */
    static final String UNUSABLE_CASE = "unusable-case";

    /** A case whose result is not as expected. */
    static final String FAILED_CASE = "failed-case";

    /** The levels of SARIF. */
    enum Level {
        WARNING,
        ERROR
    }

    static Finding of(Problem problem, Path directory) {
        SourceLocation location = SourceLocation.of(directory.resolve(problem.file()), problem.line());
        return new Finding(INVALID, Level.ERROR, location, problem.path(), problem.message());
    }

    static Finding of(Lint lint, Path directory) {
        SourceLocation location = SourceLocation.of(directory.resolve(lint.file()), lint.line());
        return new Finding(lint.rule().id(), Level.WARNING, location, lint.path(), lint.message());
    }

    /** @param file the file of the case, unless the mistake has a location */
    static Finding ofCase(UnusableInputException mistake, Path file) {
        return new Finding(
                UNUSABLE_CASE, Level.ERROR, mistake.location().orElse(SourceLocation.of(file)), "", mistake.problem());
    }

    /** The field and the problem. */
    String text() {
        return (field.isEmpty() ? "" : field + ": ") + message;
    }

    @Override
    public String toString() {
        return location + ": " + text();
    }
}
