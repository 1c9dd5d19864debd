package dev.pillion.cli;

import java.util.Optional;

/** Something that the user gave cannot be used. The message says what, where, and what would be right; it stands on its own. */
final class UnusableInputException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Optional<Place> place;
    private final String problem;

    UnusableInputException(String message) {
        super(message);
        this.place = Optional.empty();
        this.problem = message;
    }

    /** @param problem without the place, which the message begins with */
    UnusableInputException(Place place, String problem) {
        super(place + ": " + problem);
        this.place = Optional.of(place);
        this.problem = problem;
    }

    Optional<Place> place() {
        return place;
    }

    /** The message without the place. */
    String problem() {
        return problem;
    }
}
