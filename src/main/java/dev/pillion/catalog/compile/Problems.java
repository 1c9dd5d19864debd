package dev.pillion.catalog.compile;

import dev.pillion.yaml.Document;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Collects the problems of one document with their lines, up to a limit. */
final class Problems implements BiConsumer<String, String> {

    private final String file;
    private final Document document;
    private final List<Problem> found;
    private final int limit;
    private final Optional<PolicyPart> part;

    /** @param found the list to which problems are added */
    Problems(String file, Document document, List<Problem> found) {
        this(file, document, found, found.size() + ResourceLimits.PROBLEMS, Optional.empty());
    }

    private Problems(String file, Document document, List<Problem> found, int limit, Optional<PolicyPart> part) {
        this.file = file;
        this.document = document;
        this.found = found;
        this.limit = limit;
        this.part = part;
    }

    /** Adds to the same list problems that are in one part of a policy. */
    Problems in(PolicyPart policyPart) {
        return new Problems(file, document, found, limit, Optional.of(policyPart));
    }

    @Override
    public void accept(String path, String message) {
        accept(path, () -> message);
    }

    /** @param message is only computed if the problem is listed: to find the nearest name for each of many wrong ones takes minutes */
    void accept(String path, Supplier<String> message) {
        if (found.size() < limit) {
            found.add(new Problem(file, document.line(path), path, message.get(), part));
        } else if (found.size() == limit) {
            found.add(new Problem(file, document.line(""), "", "has more problems, which are not listed"));
        }
    }
}
