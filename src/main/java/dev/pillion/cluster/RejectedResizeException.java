package dev.pillion.cluster;

/** The resources of a live Pod cannot change. The message says which Pod, and why. */
public final class RejectedResizeException extends Exception {

    private static final long serialVersionUID = 1L;

    public RejectedResizeException(String message) {
        super(message);
    }
}
