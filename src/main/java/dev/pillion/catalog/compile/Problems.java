package dev.pillion.catalog.compile;

import dev.pillion.yaml.Document;
import java.util.List;
import java.util.function.BiConsumer;

/** Collects what is wrong with one document, each with the line that its place has there. Keeps no more than anyone would read. */
final class Problems implements BiConsumer<String, String> {

    private final String file;
    private final Document document;
    private final List<Problem> found;
    private int count;

    /** @param found is added to */
    Problems(String file, Document document, List<Problem> found) {
        this.file = file;
        this.document = document;
        this.found = found;
    }

    @Override
    public void accept(String path, String message) {
        count++;
        if (count <= ResourceLimits.PROBLEMS) {
            found.add(new Problem(file, document.line(path), path, message));
        } else if (count == ResourceLimits.PROBLEMS + 1) {
            found.add(new Problem(file, document.line(""), "", "has more problems, which are not listed"));
        }
    }
}
