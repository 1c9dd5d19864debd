package dev.pillion.certificates;

/** A client certificate that is not accepted. The message says why, without anything that the client chose. */
public final class UntrustedCertificateException extends Exception {

    private static final long serialVersionUID = 1;

    public UntrustedCertificateException(String message) {
        super(message);
    }
}
