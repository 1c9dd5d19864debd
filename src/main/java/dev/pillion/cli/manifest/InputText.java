package dev.pillion.cli.manifest;

import dev.pillion.yaml.Document;
import java.util.List;

/**
 * The text of one file and its documents.
 *
 * @param source the file, as the user named it
 * @param text the whole text
 * @param documents the documents of the text, in order
 */
public record InputText(String source, String text, List<Document> documents) {

    public InputText {
        documents = List.copyOf(documents);
    }
}
