package dev.pillion.cli.manifest;

import java.util.OptionalInt;

/**
 * Where something stands.
 *
 * @param file as the user named it, or a directory
 * @param line from 1, where one is known
 */
public record Place(String file, OptionalInt line) {

    public static Place of(Object file) {
        return new Place(file.toString(), OptionalInt.empty());
    }

    public static Place of(Object file, int line) {
        return new Place(file.toString(), OptionalInt.of(line));
    }

    @Override
    public String toString() {
        return file + (line.isPresent() ? ":" + line.getAsInt() : "");
    }
}
