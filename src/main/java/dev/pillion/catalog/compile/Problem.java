package dev.pillion.catalog.compile;

import dev.pillion.expression.Excerpt;

/**
 * One thing that is wrong with a file.
 *
 * @param file the file's name as the user knows it
 * @param line from 1
 * @param path the field, as {@code spec.sidecars[0].image}; empty for the document
 */
public record Problem(String file, int line, String path, String message) {

    private static final int PATH_LENGTH = 500;
    private static final int MESSAGE_LENGTH = 2_000;

    public Problem {
        path = Excerpt.of(path, PATH_LENGTH);
        message = Excerpt.of(message, MESSAGE_LENGTH);
    }

    /** As it is said of an object of the API server's, which has no lines. */
    public String inResource() {
        return (path.isEmpty() ? "" : path + ": ") + message;
    }

    @Override
    public String toString() {
        return file + ":" + line + ": " + inResource();
    }
}
