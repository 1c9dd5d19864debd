package dev.pillion.cluster;

/** An API server did not answer, or refused a request. The message says which one, and what would help. */
public final class UnreachableClusterException extends Exception {

    private static final long serialVersionUID = 1;

    public UnreachableClusterException(String message) {
        super(message);
    }
}
