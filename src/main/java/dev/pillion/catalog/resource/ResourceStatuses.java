package dev.pillion.catalog.resource;

import dev.pillion.catalog.Profile;
import dev.pillion.catalog.compile.Problem;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.ResourceCatalog.Entry;
import dev.pillion.catalog.resource.ResourceCatalog.Good;
import dev.pillion.catalog.resource.ResourceStatus.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Builds the status of each resource.
 *
 * @param profiles the profiles in force by name
 * @param known the ids of all profiles that are resources
 */
record ResourceStatuses(BaseCatalog base, Map<String, Profile> profiles, Set<Id> known) {

    /**
     * @param problems of the present version, including those that it causes in policies
     * @param earlier the last good version before this one
     */
    <T> Entry<T> of(
            CatalogResource resource, CompileResult<T> result, List<Problem> problems, Optional<Good<T>> earlier) {
        if (problems.isEmpty()) {
            Optional<Good<T>> good = result.compiled()
                    .map(compiled -> new Good<>(resource.generation(), result.source(), Optional.of(compiled)));
            Optional<LastGood> lastGood = LastGood.of(resource.generation(), result.source());
            return new Entry<>(
                    resource,
                    result,
                    new ResourceStatus(
                            resource.generation(),
                            State.COMPILED,
                            List.of(),
                            compiled(resource, lastGood),
                            List.of(),
                            lastGood),
                    good);
        }
        boolean kept = earlier.filter(good -> isPartlyInForce(resource, good)).isPresent();
        List<Problem> listed =
                problems.stream().map(problem -> explained(result, problem)).toList();
        return new Entry<>(
                resource,
                result,
                new ResourceStatus(
                        resource.generation(),
                        kept ? State.LAST_GOOD : State.INVALID,
                        listed,
                        earlier.map(good -> kept ? kept(resource, good, result) : nothingLeft(good))
                                .orElseGet(() -> leftOut(resource)),
                        List.of(),
                        earlier.map(good -> LastGood.of(good.generation(), good.source()))
                                .orElse(resource.lastGood())),
                earlier);
    }

    /** Whether a part of an earlier version is in force. A policy without any of its profiles is not. */
    private boolean isPartlyInForce(CatalogResource resource, Good<?> good) {
        return resource.id().kind() == Kind.PROFILE
                || CompileResult.withoutBrokenGrants(good.source(), profiles).isPresent();
    }

    private static List<String> nothingLeft(Good<?> good) {
        return List.of("Generation " + good.generation()
                + " was in force before, but none of its profiles can be provided, so the policy has no effect.");
    }

    private List<String> compiled(CatalogResource resource, Optional<LastGood> lastGood) {
        List<String> notes = new ArrayList<>(standsIn(resource));
        if (lastGood.isEmpty()) {
            notes.add("It has more than " + LastGood.MAX_LENGTH
                    + " characters, so its status does not keep it. If a later version does not compile, no version is in force"
                    + " after a restart of Pillion.");
        }
        return notes;
    }

    private List<String> standsIn(CatalogResource resource) {
        return base.sourceOf(resource.id())
                .map(source -> List.of("It replaces the definition with the same name that is " + source + "."))
                .orElse(List.of());
    }

    private List<String> kept(CatalogResource resource, Good<?> good, CompileResult<?> result) {
        if (good.source().document().tree().equals(result.source().document().tree())) {
            return List.of(
                    resource.id().kind() == Kind.PROFILE ? "It stays in force." : "The other parts stay in force.");
        }
        List<String> notes = new ArrayList<>();
        notes.add("Generation " + good.generation() + " stays in force.");
        if (resource.id().kind() == Kind.POLICY) {
            for (Problem problem :
                    CompileResult.ofPolicy(good.source(), profiles).problems()) {
                notes.add("This part of it is not in force: " + problem.inResource());
            }
        }
        return notes;
    }

    private List<String> leftOut(CatalogResource resource) {
        List<String> notes = new ArrayList<>();
        resource.lastGood()
                .ifPresent(
                        stored -> notes.add(
                                "Generation " + stored.generation()
                                        + ", the last good version that its status keeps, does not compile with this version of Pillion."));
        notes.add(base.sourceOf(resource.id())
                .map(source -> "No earlier version is known, so the definition with the same name that is " + source
                        + " stays in force.")
                .orElse("No earlier version is known, so no version is in force."));
        return notes;
    }

    /** Replaces the problem that a profile is missing if the profile exists but does not compile. */
    Problem explained(CompileResult<?> result, Problem problem) {
        return result.profileOf(problem)
                .filter(name -> !profiles.containsKey(name) && known.contains(new Id(Kind.PROFILE, name)))
                .map(name -> new Problem(
                        problem.file(),
                        problem.line(),
                        problem.path(),
                        "the profile '" + name + "' does not compile, and no earlier version of it is known"))
                .orElse(problem);
    }
}
