package dev.pillion.certificates;

/** A certificate or key that a server cannot use. */
public final class InvalidCertificateException extends Exception {

    private static final long serialVersionUID = 1;

    public InvalidCertificateException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
