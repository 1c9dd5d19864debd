package dev.pillion.cluster;

/** Where the cluster is, or who Pillion is there, cannot be told. The message says which file, what is wrong and what would be right. */
public final class InvalidClusterException extends Exception {

    private static final long serialVersionUID = 1;

    public InvalidClusterException(String message) {
        super(message);
    }
}
