package dev.pillion.pod;

/** A tree that is not a valid Pod. The message names the field and says what it must be. */
public final class MalformedPodException extends Exception {

    private static final long serialVersionUID = 1;

    private final String path;

    MalformedPodException(String path, String message) {
        super((path.isEmpty() ? "the document" : path) + " " + message);
        this.path = path;
    }

    /** The field, as {@code spec.containers[0].env}; empty for the document itself. */
    public String path() {
        return path;
    }
}
