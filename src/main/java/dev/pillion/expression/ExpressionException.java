package dev.pillion.expression;

/** An expression or template that cannot be compiled. The message names the column, what is wrong and what would be right. */
public final class ExpressionException extends Exception {

    private static final long serialVersionUID = 1;

    public ExpressionException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
