package dev.pillion.admission;

/** The bytes are not an AdmissionReview with a request. The message says what is wrong. */
public final class MalformedReviewException extends Exception {

    private static final long serialVersionUID = 1;

    MalformedReviewException(String message) {
        super(message);
    }
}
