package dev.pillion.admission;

/** Bytes that are no AdmissionReview which asks something. The message says what is wrong. */
public final class MalformedReviewException extends Exception {

    private static final long serialVersionUID = 1;

    MalformedReviewException(String message) {
        super(message);
    }
}
