package dev.pillion.injection;

/** Ends a decision with a denial. */
final class Denial extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Reason reason;

    Denial(Code code, String message) {
        super(message, null, false, false);
        this.reason = new Reason(code, message);
    }

    Reason reason() {
        return reason;
    }
}
