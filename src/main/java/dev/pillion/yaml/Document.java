package dev.pillion.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * One document of a YAML stream.
 *
 * @param tree its content
 * @param lines the line (from 1) of each field and element, by its path as {@code spec.sidecars[0].image}; the document itself is at
 *     the empty path
 */
public record Document(JsonNode tree, Map<String, Integer> lines) {

    /** The line of a path, or of the nearest map or list around it with a known line. */
    public int line(String path) {
        String at = path;
        while (!at.isEmpty()) {
            Integer line = lines.get(at);
            if (line != null) {
                return line;
            }
            at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
        }
        return lines.getOrDefault("", 1);
    }
}
