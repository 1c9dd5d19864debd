package dev.pillion.catalog;

import dev.pillion.yaml.Document;
import java.util.List;
import java.util.function.BiConsumer;

/** Collects what is wrong with one document, each with the line that its place has there. */
record Problems(String file, Document document, List<Problem> found) implements BiConsumer<String, String> {

    @Override
    public void accept(String path, String message) {
        found.add(new Problem(file, document.line(path), path, message));
    }
}
