package dev.pillion.cli;

/** Something that the user gave cannot be used. The message says what, where, and what would be right; it stands on its own. */
final class UnusableInputException extends Exception {

    private static final long serialVersionUID = 1;

    UnusableInputException(String message) {
        super(message);
    }
}
