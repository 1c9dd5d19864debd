package dev.pillion.catalog;

import dev.pillion.yaml.Document;

/**
 * The document of a profile or policy.
 *
 * @param file the file or resource, as the user knows it
 */
public record Source(String file, Document document) {

    public String name() {
        return document.tree().at("/metadata/name").asText();
    }
}
