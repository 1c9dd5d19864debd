package dev.pillion.expression;

/** An expression that compiled and has no value for this Pod, as {@code app.ports[0]} where the container has no ports. */
public final class EvaluationException extends Exception {

    private static final long serialVersionUID = 1;

    public EvaluationException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
