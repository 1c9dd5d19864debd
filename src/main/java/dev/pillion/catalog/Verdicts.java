package dev.pillion.catalog;

import dev.pillion.catalog.Resource.Id;
import dev.pillion.catalog.Resource.Kind;
import dev.pillion.catalog.ResourceCatalog.Entry;
import dev.pillion.catalog.ResourceCatalog.Good;
import dev.pillion.catalog.Verdict.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says what has become of each resource, in words for whoever applied it.
 *
 * @param profiles that serve
 * @param known the profiles that there are as resources
 */
record Verdicts(LowerLayer below, Map<String, Profile> profiles, Set<Id> known) {

    /**
     * @param problems with the present version, which may also be that it does not go with others
     * @param earlier the last good version before this one
     */
    <T> Entry<T> of(Resource resource, Attempt<T> attempt, List<Problem> problems, Optional<Good<T>> earlier) {
        if (problems.isEmpty()) {
            Optional<Good<T>> good =
                    attempt.compiled().map(compiled -> new Good<>(resource.generation(), attempt.source(), compiled));
            return new Entry<>(
                    resource,
                    attempt,
                    new Verdict(resource.generation(), State.COMPILED, List.of(), standsIn(resource)),
                    good);
        }
        State state = earlier.isPresent() ? State.KEPT : State.LEFT_OUT;
        List<Problem> told =
                problems.stream().map(problem -> explained(attempt, problem)).toList();
        return new Entry<>(
                resource,
                attempt,
                new Verdict(
                        resource.generation(),
                        state,
                        told,
                        earlier.map(good -> kept(good, attempt)).orElseGet(() -> leftOut(resource))),
                earlier);
    }

    private List<String> standsIn(Resource resource) {
        return below.sourceOf(resource.id())
                .map(source -> List.of("It stands in for the one of this name that is " + source + "."))
                .orElse(List.of());
    }

    private List<String> kept(Good<?> good, Attempt<?> attempt) {
        if (good.source().document().tree().equals(attempt.source().document().tree())) {
            return List.of("It stays in force without that.");
        }
        List<String> notes = new ArrayList<>();
        notes.add("Generation " + good.generation() + " stays in force.");
        if (good.compiled() instanceof Policy) {
            for (Problem problem : Attempt.atPolicy(good.source(), profiles).problems()) {
                notes.add("Of that generation this is not: " + problem.inResource());
            }
        }
        return notes;
    }

    private List<String> leftOut(Resource resource) {
        return List.of(below.sourceOf(resource.id())
                .map(source ->
                        "No earlier version is known, so the one of this name that is " + source + " stays in force.")
                .orElse("No earlier version is known, so nothing of it is in force."));
    }

    /** Of a profile that is there, and does not compile, one does not say that it is not there. */
    private Problem explained(Attempt<?> attempt, Problem problem) {
        return attempt.profileOf(problem)
                .filter(name -> !profiles.containsKey(name) && known.contains(new Id(Kind.PROFILE, name)))
                .map(name -> new Problem(
                        problem.file(),
                        problem.line(),
                        problem.path(),
                        "the profile '" + name + "' does not compile, and no earlier version of it is known"))
                .orElse(problem);
    }
}
