package dev.pillion.expression;

/** A valid expression without a value for this Pod, for example {@code app.ports[0]} if the container has no ports. */
public final class EvaluationException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean tooLarge;

    public EvaluationException(String message) {
        this(message, false);
    }

    private EvaluationException(String message, boolean tooLarge) {
        super(message);
        this.tooLarge = tooLarge;
    }

    /** For an evaluation or a value that exceeds a limit. */
    static EvaluationException tooLarge(String message) {
        return new EvaluationException(message, true);
    }

    /** Whether the evaluation or its value exceeds a limit. */
    public boolean tooLarge() {
        return tooLarge;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
