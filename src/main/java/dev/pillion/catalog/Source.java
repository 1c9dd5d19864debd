package dev.pillion.catalog;

import dev.pillion.yaml.Document;

/**
 * A profile or policy as it was written.
 *
 * @param file where, as the user knows it
 */
public record Source(String file, Document document) {

    public String name() {
        return document.tree().at("/metadata/name").asText();
    }
}
