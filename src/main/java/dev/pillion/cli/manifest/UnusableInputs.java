package dev.pillion.cli.manifest;

import java.util.ArrayList;
import java.util.List;

/** Collects unusable inputs, so that the user sees all of them at once. */
public final class UnusableInputs {

    private final List<UnusableInputException> problems = new ArrayList<>();

    /** The use of one part of the input. */
    public interface Part {
        void use() throws UnusableInputException;
    }

    public void collect(Part part) {
        try {
            part.use();
        } catch (UnusableInputException e) {
            problems.add(e);
        }
    }

    /** @throws UnusableInputException with all problems, if there are any */
    public void throwIfAny() throws UnusableInputException {
        if (!problems.isEmpty()) {
            throw UnusableInputException.all(problems);
        }
    }
}
