package dev.pillion.cli.check;

import java.nio.file.Path;
import java.util.List;

/**
 * A golden case that was run.
 *
 * @param file its expectation, or its Pod where it has none
 */
record CheckedCase(String name, Path file, Verdict verdict) {

    sealed interface Verdict {}

    /** The Pod became what is expected. */
    record Passed() implements Verdict {}

    /** What the Pod became was written as what is expected of it. */
    record Written(String file) implements Verdict {}

    /**
     * The Pod became something else.
     *
     * @param difference line by line
     */
    record Failed(List<String> difference) implements Verdict {}

    boolean failed() {
        return verdict instanceof Failed;
    }
}
