package dev.pillion.cli.manifest;

import dev.pillion.yaml.Document;
import java.util.List;

/**
 * What one file holds.
 *
 * @param source the file, as the user named it
 * @param text as it was read
 * @param documents of the text, in order
 */
public record InputText(String source, String text, List<Document> documents) {

    public InputText {
        documents = List.copyOf(documents);
    }
}
