package dev.pillion.expression;

/** Ends an evaluation that would take too much time or memory. The message says which limit it exceeds. */
final class LimitExceededException extends RuntimeException {

    private static final long serialVersionUID = 1;

    LimitExceededException(String message) {
        super(message, null, false, false);
    }
}
