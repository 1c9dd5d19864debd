package dev.pillion.cli.manifest;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Something that the user gave cannot be used. The message says what, where, and what would be right; it stands on its own. */
public final class UnusableInputException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Optional<Place> place;
    private final String problem;

    public UnusableInputException(String message) {
        super(message);
        this.place = Optional.empty();
        this.problem = message;
    }

    /** @param problem without the place, which the message begins with */
    public UnusableInputException(Place place, String problem) {
        super(place + ": " + problem);
        this.place = Optional.of(place);
        this.problem = problem;
    }

    /** All of several problems, each in a line of its own; the place is that of the first. */
    static UnusableInputException all(List<UnusableInputException> problems) {
        return problems.size() == 1 ? problems.getFirst() : new UnusableInputException(problems);
    }

    private UnusableInputException(List<UnusableInputException> problems) {
        super(problems.stream().map(Throwable::getMessage).collect(Collectors.joining("\n")));
        this.place = problems.getFirst().place;
        this.problem = problems.stream()
                .map(each -> each == problems.getFirst() ? each.problem : each.getMessage())
                .collect(Collectors.joining("; "));
    }

    public Optional<Place> place() {
        return place;
    }

    /** The message without the place. */
    public String problem() {
        return problem;
    }
}
