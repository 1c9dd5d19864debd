package dev.pillion.cli.manifest;

import java.util.ArrayList;
import java.util.List;

/** Collects what cannot be used, so that the user reads of all of it at once. */
public final class UnusableInputs {

    private final List<UnusableInputException> problems = new ArrayList<>();

    /** A part of the input that can fail by itself. */
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

    /** @throws UnusableInputException with all that was collected, if anything was */
    public void throwIfAny() throws UnusableInputException {
        if (!problems.isEmpty()) {
            throw UnusableInputException.all(problems);
        }
    }
}
