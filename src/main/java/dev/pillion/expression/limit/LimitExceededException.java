package dev.pillion.expression.limit;

/** Ends an evaluation that would take too much time or memory. The message says which limit it exceeds. */
public final class LimitExceededException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public LimitExceededException(String message) {
        super(message, null, false, false);
    }
}
