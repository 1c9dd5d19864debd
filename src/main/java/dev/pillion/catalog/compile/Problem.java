package dev.pillion.catalog.compile;

import dev.pillion.expression.Excerpt;
import java.util.Optional;

/**
 * One mistake in a file.
 *
 * @param file the file's name as the user knows it
 * @param line from 1
 * @param path the field, for example {@code spec.sidecars[0].image}; empty for the document
 * @param part the part of a policy that the mistake is in, if another class depends on it
 */
public record Problem(String file, int line, String path, String message, Optional<PolicyPart> part) {

    private static final int PATH_LENGTH = 500;

    private static final int MESSAGE_LENGTH = 2_000;

    public Problem {
        path = Excerpt.of(path, PATH_LENGTH);
        message = Excerpt.of(message, MESSAGE_LENGTH);
    }

    public Problem(String file, int line, String path, String message) {
        this(file, line, path, message, Optional.empty());
    }

    /** The element of a policy's {@code spec.profiles} that the mistake is in. */
    public Optional<PolicyPart.Grant> grant() {
        return part.flatMap(known -> known instanceof PolicyPart.Grant grant ? Optional.of(grant) : Optional.empty());
    }

    /** Whether a policy names a profile that the catalog does not have. */
    public boolean isMissingProfile() {
        return grant().filter(PolicyPart.Grant::profileMissing).isPresent();
    }

    /** The problem as text without file and line, for a resource of the API server. */
    public String inResource() {
        return (path.isEmpty() ? "" : path + ": ") + message;
    }

    @Override
    public String toString() {
        return file + ":" + line + ": " + inResource();
    }
}
