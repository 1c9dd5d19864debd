package dev.pillion.yaml;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** The lines of the fields and elements of a document, by their paths. */
final class PathLines {

    /** The maximum length of a path. A field with a longer path has the line of its map. Paths are much shorter in practice. */
    private static final int MAX_PATH = 1_000;

    /** The maximum length of all paths of a document together. Further fields have the line of their map. */
    private static final int MAX_PATHS = 16 * 1024 * 1024;

    private final Map<String, Integer> lines = new HashMap<>();
    private int pathCharacters;

    Map<String, Integer> all() {
        // Map.copyOf takes quadratic time for names whose hashes collide.
        return Collections.unmodifiableMap(lines);
    }

    /** Notes the line of a path. A field has the line of its name, which is noted before the line of its value. */
    void note(String path, int line) {
        if (pathCharacters < MAX_PATHS && lines.putIfAbsent(path, line) == null) {
            pathCharacters += path.length();
        }
    }

    /** The path of a field, or the path of its map if that would be too long. */
    static String below(String path, String field) {
        return path.length() + field.length() >= MAX_PATH ? path : path.isEmpty() ? field : path + "." + field;
    }

    /** The path of an element, or the path of its list if that would be too long. */
    static String below(String path, int index) {
        return path.length() < MAX_PATH ? path + "[" + index + "]" : path;
    }
}
