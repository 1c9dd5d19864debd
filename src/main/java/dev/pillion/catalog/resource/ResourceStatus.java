package dev.pillion.catalog.resource;

import dev.pillion.catalog.compile.Problem;
import dev.pillion.expression.Excerpt;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What has become of a resource.
 *
 * @param generation of the resource that this is said of
 * @param problems everything that is wrong with it, none of them where it compiled
 * @param notes what else whoever looks at it should know
 * @param unmet of a policy that enforces: what it requires and the catalog cannot provide
 * @param lastGood the version to fall back on, for the status to keep
 */
public record ResourceStatus(
        long generation,
        State state,
        List<Problem> problems,
        List<String> notes,
        List<String> unmet,
        Optional<LastGood> lastGood) {

    /** What serves under a resource's name. */
    public enum State {
        /** It is in force as it stands. */
        COMPILED,
        /** An earlier version is. */
        LAST_GOOD,
        /** Nothing of it is, since no good version is known. */
        INVALID
    }

    public ResourceStatus {
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
        unmet = List.copyOf(unmet);
    }

    ResourceStatus with(List<String> requirements) {
        return new ResourceStatus(generation, state, problems, notes, requirements, lastGood);
    }

    public boolean compiled() {
        return state == State.COMPILED;
    }

    /** The problems, a line for each, as {@code pillion check} has them after the file and its line. */
    public String complaint() {
        return problems.stream().map(Problem::inResource).map(Excerpt::visible).collect(Collectors.joining("\n"));
    }
}
