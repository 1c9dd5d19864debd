package dev.pillion.cli.check;

import java.nio.file.Path;
import java.util.List;

/**
 * A golden case that was run.
 *
 * @param file the file of its expected result, or of its Pod if it has none
 */
record CheckedCase(String name, Path file, Result result) {

    sealed interface Result {}

    /** The result is as expected. */
    record Passed() implements Result {}

    /** The result was written as the expected result. */
    record Written(String file) implements Result {}

    /**
     * The result is not as expected.
     *
     * @param difference line by line
     */
    record Failed(List<String> difference) implements Result {}

    boolean failed() {
        return result instanceof Failed;
    }
}
