package dev.pillion.pod;

/** A tree that is no Pod: the message names the field and what it must be. */
public final class MalformedPodException extends Exception {

    private static final long serialVersionUID = 1;

    MalformedPodException(String message) {
        super(message);
    }
}
