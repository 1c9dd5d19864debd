package dev.pillion.catalog.compile;

import java.util.List;
import java.util.stream.Collectors;

/** Profiles and policies that do not compile, with all their problems. */
public final class InvalidCatalogException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    public InvalidCatalogException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
