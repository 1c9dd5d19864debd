package dev.pillion.cli.manifest;

import java.util.OptionalInt;

/**
 * A file or a directory, and perhaps a line.
 *
 * @param file as the user named it, or a directory
 * @param line the first line is 1; empty if unknown
 */
public record SourceLocation(String file, OptionalInt line) {

    public static SourceLocation of(Object file) {
        return new SourceLocation(file.toString(), OptionalInt.empty());
    }

    public static SourceLocation of(Object file, int line) {
        return new SourceLocation(file.toString(), OptionalInt.of(line));
    }

    @Override
    public String toString() {
        return file + (line.isPresent() ? ":" + line.getAsInt() : "");
    }
}
