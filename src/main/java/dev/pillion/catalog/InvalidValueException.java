package dev.pillion.catalog;

/** A parameter's value that cannot be used. The message continues a sentence about the value: it says what it must be. */
public final class InvalidValueException extends Exception {

    private static final long serialVersionUID = 1;

    InvalidValueException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
