package dev.pillion.cli.check;

import dev.pillion.catalog.compile.Problem;
import dev.pillion.catalog.lint.Lint;
import dev.pillion.cli.manifest.Place;
import dev.pillion.cli.manifest.UnusableInputException;
import java.nio.file.Path;

/**
 * What {@code check} has to say of a file.
 *
 * @param rule by which it is known to other programs
 * @param field as {@code spec.sidecars[0].image}; empty for the file
 */
record Finding(String rule, Level level, Place place, String field, String message) {

    /** A profile or policy that does not compile. */
    static final String INVALID = "invalid-catalog";

    /** A case that cannot be read. */
    static final String UNUSABLE_CASE = "unusable-case";

    /** A Pod that becomes something else than its case says. */
    static final String FAILED_CASE = "failed-case";

    /** How bad it is, in the words of SARIF. */
    enum Level {
        WARNING,
        ERROR
    }

    static Finding of(Problem problem, Path directory) {
        Place place = Place.of(directory.resolve(problem.file()), problem.line());
        return new Finding(INVALID, Level.ERROR, place, problem.path(), problem.message());
    }

    static Finding of(Lint lint, Path directory) {
        Place place = Place.of(directory.resolve(lint.file()), lint.line());
        return new Finding(lint.rule().id(), Level.WARNING, place, lint.path(), lint.message());
    }

    /** @param file the case's, in which the mistake is unless it says where else */
    static Finding ofCase(UnusableInputException mistake, Path file) {
        return new Finding(UNUSABLE_CASE, Level.ERROR, mistake.place().orElse(Place.of(file)), "", mistake.problem());
    }

    /** What is wrong, and with which field. */
    String text() {
        return (field.isEmpty() ? "" : field + ": ") + message;
    }

    @Override
    public String toString() {
        return place + ": " + text();
    }
}
