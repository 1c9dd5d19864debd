package dev.pillion.cli.manifest;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An argument or an input that cannot be used. The message names it and says what is wrong and what would be right. */
public final class UnusableInputException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Optional<SourceLocation> location;
    private final String problem;

    public UnusableInputException(String message) {
        super(message);
        this.location = Optional.empty();
        this.problem = message;
    }

    /** @param problem without the location, which the message begins with */
    public UnusableInputException(SourceLocation location, String problem) {
        super(location + ": " + problem);
        this.location = Optional.of(location);
        this.problem = problem;
    }

    /** Several problems, one line for each, with the location of the first. */
    static UnusableInputException all(List<UnusableInputException> problems) {
        return problems.size() == 1 ? problems.getFirst() : new UnusableInputException(problems);
    }

    private UnusableInputException(List<UnusableInputException> problems) {
        super(problems.stream().map(Throwable::getMessage).collect(Collectors.joining("\n")));
        this.location = problems.getFirst().location;
        this.problem = problems.stream()
                .map(each -> each == problems.getFirst() ? each.problem : each.getMessage())
                .collect(Collectors.joining("; "));
    }

    public Optional<SourceLocation> location() {
        return location;
    }

    /** The message without the location. */
    public String problem() {
        return problem;
    }
}
