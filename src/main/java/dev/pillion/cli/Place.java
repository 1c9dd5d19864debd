package dev.pillion.cli;

import java.util.OptionalInt;

/**
 * Where something stands.
 *
 * @param file as the user named it, or a directory
 * @param line from 1, where one is known
 */
record Place(String file, OptionalInt line) {

    static Place of(Object file) {
        return new Place(file.toString(), OptionalInt.empty());
    }

    static Place of(Object file, int line) {
        return new Place(file.toString(), OptionalInt.of(line));
    }

    @Override
    public String toString() {
        return file + (line.isPresent() ? ":" + line.getAsInt() : "");
    }
}
