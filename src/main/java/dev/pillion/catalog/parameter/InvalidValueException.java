package dev.pillion.catalog.parameter;

/** An invalid value of a parameter. The message continues a sentence about the value and says what the value must be. */
public final class InvalidValueException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean tooLarge;

    public InvalidValueException(String message) {
        this(message, false);
    }

    private InvalidValueException(String message, boolean tooLarge) {
        super(message);
        this.tooLarge = tooLarge;
    }

    /** For a value that exceeds a limit. */
    public static InvalidValueException tooLarge(String message) {
        return new InvalidValueException(message, true);
    }

    /** Whether the value exceeds a limit. */
    public boolean tooLarge() {
        return tooLarge;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
