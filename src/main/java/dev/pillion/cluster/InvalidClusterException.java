package dev.pillion.cluster;

/** The configuration of the cluster cannot be used. The message says which file, what is wrong and what would be right. */
public final class InvalidClusterException extends Exception {

    private static final long serialVersionUID = 1;

    public InvalidClusterException(String message) {
        super(message);
    }
}
