package dev.pillion.certificates;

/** A client certificate that is not accepted. The message contains the reason and no text from the client. */
public final class UntrustedCertificateException extends Exception {

    private static final long serialVersionUID = 1;

    public UntrustedCertificateException(String message) {
        super(message);
    }
}
