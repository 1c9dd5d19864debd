package dev.pillion.catalog.resource;

import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.UnmetRequirement;
import dev.pillion.catalog.compile.PolicyPart;
import dev.pillion.catalog.compile.PolicyReader;
import dev.pillion.catalog.compile.Problem;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.ResourceCatalog.Entry;
import dev.pillion.catalog.resource.ResourceCatalog.Good;
import dev.pillion.expression.Excerpt;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what policies enforce and these profiles do not provide. Of a policy with a good version that is what does not fit of that version.
 * A policy without one grants nothing, so all that it names is unmet.
 *
 * @param profiles that serve
 * @param verdicts finds the words for what is wrong
 */
record UnmetRequirements(Map<String, Profile> profiles, ResourceStatuses verdicts) {

    /** By the policy's name. */
    Map<String, List<UnmetRequirement>> of(List<CompileResult<Policy>> below, Map<Id, Entry<Policy>> resources) {
        Map<String, List<UnmetRequirement>> unmet = new LinkedHashMap<>();
        for (CompileResult<Policy> attempt : below) {
            if (attempt.compiled().isEmpty()) {
                unmet.put(attempt.source().name(), ofWhatDoesNotFit(attempt));
            }
        }
        resources.forEach((id, entry) -> {
            if (!entry.verdict().compiled()) {
                Optional<Good<Policy>> good = entry.good();
                if (good.isPresent()) {
                    unmet.put(
                            id.name(),
                            ofWhatDoesNotFit(CompileResult.ofPolicy(good.get().source(), profiles)));
                } else {
                    // The directory's policy of this name, if there is one, is in force in its place.
                    unmet.computeIfAbsent(id.name(), name -> new ArrayList<>()).addAll(ofAll(entry.attempt()));
                }
            }
        });
        unmet.values().removeIf(Collection::isEmpty);
        return unmet;
    }

    private List<UnmetRequirement> ofWhatDoesNotFit(CompileResult<Policy> attempt) {
        return requirements(attempt, Optional.empty());
    }

    private List<UnmetRequirement> ofAll(CompileResult<Policy> attempt) {
        Problem first = attempt.problems().getFirst();
        String cause = "the policy does not compile: " + first.inResource();
        List<UnmetRequirement> unmet = requirements(attempt, Optional.of(cause));
        return unmet.isEmpty() ? ofNone(attempt, cause) : unmet;
    }

    /** @param otherwise why a grant is unmet with which nothing is wrong; empty when it is met */
    private List<UnmetRequirement> requirements(CompileResult<Policy> attempt, Optional<String> otherwise) {
        Policy policy = PolicyReader.readable(attempt.source());
        if (policy.mode() != Mode.ENFORCE) {
            return List.of();
        }
        List<UnmetRequirement> unmet = new ArrayList<>();
        List<String> names = CompileResult.requestedNames(attempt.source());
        for (int index = 0; index < names.size(); index++) {
            String name = names.get(index);
            attempt.problemOf(index)
                    .map(problem -> cause(name, verdicts.explained(attempt, problem)))
                    .or(() -> otherwise)
                    .ifPresent(cause -> unmet.add(
                            new UnmetRequirement(policy, Optional.of(name).filter(known -> !known.isEmpty()), cause)));
        }
        return unmet;
    }

    /** A missing profile is reported without a list of all profiles. */
    private static String cause(String profile, Problem problem) {
        boolean missing =
                problem.grant().filter(PolicyPart.Grant::profileMissing).isPresent();
        return missing
                ? "there is no profile '" + Excerpt.of(InstanceName.profileOf(profile)) + "'"
                : problem.inResource();
    }

    private static List<UnmetRequirement> ofNone(CompileResult<Policy> attempt, String cause) {
        Policy policy = PolicyReader.readable(attempt.source());
        return policy.mode() == Mode.ENFORCE
                ? List.of(new UnmetRequirement(policy, Optional.empty(), cause))
                : List.of();
    }
}
