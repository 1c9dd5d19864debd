package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A file with one mistake in it.
 *
 * @param kind in a few words
 * @param path the field that the mistake is in
 * @param tree the file's content
 * @param hint a text that the message must contain, for example the correct name
 */
public record Mistake(String kind, String path, JsonNode tree, String hint) {

    Mistake(String kind, String path, JsonNode tree) {
        this(kind, path, tree, "");
    }
}
