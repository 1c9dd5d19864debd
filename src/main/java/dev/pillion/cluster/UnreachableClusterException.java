package dev.pillion.cluster;

/** A cluster did not answer, or refused. The message says which, and what would help. */
public final class UnreachableClusterException extends Exception {

    private static final long serialVersionUID = 1;

    UnreachableClusterException(String message) {
        super(message);
    }
}
