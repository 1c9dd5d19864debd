package dev.pillion.catalog.resource;

import dev.pillion.catalog.compile.Problem;
import dev.pillion.expression.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The status of a resource.
 *
 * @param generation {@code metadata.generation} of the resource
 * @param problems empty if the resource compiled
 * @param notes further sentences for the reader of the status
 * @param unmet for a policy in mode Enforce: its requirements that the catalog does not meet
 * @param lastGood the version that the status stores
 * @param profileGeneration for a profile: the generation in force; empty if no version is in force
 * @param history for a profile: its earlier generations, the oldest first
 */
public record ResourceStatus(
        long generation,
        State state,
        List<Problem> problems,
        List<String> notes,
        List<String> unmet,
        Optional<LastGood> lastGood,
        Optional<String> profileGeneration,
        List<StoredGeneration> history) {

    /** Which version of a resource is in force. */
    public enum State {
        /** The present version is in force. */
        COMPILED,
        /** An earlier version is in force. */
        LAST_GOOD,
        /** No version is in force, because no good one is known. */
        INVALID
    }

    public ResourceStatus {
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
        unmet = List.copyOf(unmet);
        history = List.copyOf(history);
    }

    /** The status of a resource without generations. */
    public ResourceStatus(
            long generation,
            State state,
            List<Problem> problems,
            List<String> notes,
            List<String> unmet,
            Optional<LastGood> lastGood) {
        this(generation, state, problems, notes, unmet, lastGood, Optional.empty(), List.of());
    }

    /** The status of a profile. */
    ResourceStatus with(Optional<String> inForce, ProfileHistory generations) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(generations.notes());
        return new ResourceStatus(generation, state, problems, all, unmet, lastGood, inForce, generations.stored());
    }

    ResourceStatus with(List<String> requirements) {
        return new ResourceStatus(
                generation, state, problems, notes, requirements, lastGood, profileGeneration, history);
    }

    ResourceStatus with(String note) {
        List<String> all = new ArrayList<>(notes);
        all.add(note);
        return new ResourceStatus(generation, state, problems, all, unmet, lastGood, profileGeneration, history);
    }

    public boolean compiled() {
        return state == State.COMPILED;
    }

    /** The problems, one on each line, as {@code pillion check} prints them after the file and its line. */
    public String problemText() {
        return problems.stream().map(Problem::inResource).map(Excerpt::visible).collect(Collectors.joining("\n"));
    }
}
