package dev.pillion.catalog.resource;

import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.UnmetRequirement;
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
 * Finds the requirements of policies in mode Enforce that these profiles do not meet. In a policy with a good version, these are the grants that
 * do not compile. In a policy without one, these are all grants.
 *
 * @param profiles the profiles in force by name
 * @param statuses explains problems
 */
record UnmetRequirements(Map<String, Profile> profiles, ResourceStatuses statuses) {

    /** All unmet requirements by the name of the policy. */
    Map<String, List<UnmetRequirement>> of(List<CompileResult<Policy>> base, Map<Id, Entry<Policy>> resources) {
        Map<String, List<UnmetRequirement>> unmet = new LinkedHashMap<>();
        for (CompileResult<Policy> result : base) {
            if (result.compiled().isEmpty()) {
                unmet.put(result.source().name(), ofBrokenGrants(result));
            }
        }
        resources.forEach((id, entry) -> {
            if (!entry.status().compiled()) {
                Optional<Good<Policy>> good = entry.good();
                if (good.isPresent()) {
                    unmet.put(
                            id.name(),
                            ofBrokenGrants(CompileResult.ofPolicy(good.get().source(), profiles)));
                } else {
                    // If the directory has a policy of this name, that one is in force.
                    unmet.computeIfAbsent(id.name(), name -> new ArrayList<>()).addAll(ofAll(entry.result()));
                }
            }
        });
        unmet.values().removeIf(Collection::isEmpty);
        return unmet;
    }

    private List<UnmetRequirement> ofBrokenGrants(CompileResult<Policy> result) {
        return requirements(result, Optional.empty());
    }

    private List<UnmetRequirement> ofAll(CompileResult<Policy> result) {
        Problem first = result.problems().getFirst();
        String cause = "the policy does not compile: " + first.inResource();
        List<UnmetRequirement> unmet = requirements(result, Optional.of(cause));
        return unmet.isEmpty() ? withoutProfile(result, cause) : unmet;
    }

    /** @param otherwise the cause for grants without problems; empty if these are met */
    private List<UnmetRequirement> requirements(CompileResult<Policy> result, Optional<String> otherwise) {
        Policy policy = PolicyReader.readable(result.source());
        if (policy.mode() != Mode.ENFORCE) {
            return List.of();
        }
        List<UnmetRequirement> unmet = new ArrayList<>();
        List<String> names = CompileResult.requestedNames(result.source());
        for (int index = 0; index < names.size(); index++) {
            String name = names.get(index);
            result.problemOf(index)
                    .map(problem -> cause(name, statuses.explained(result, problem)))
                    .or(() -> otherwise)
                    .ifPresent(cause -> unmet.add(
                            new UnmetRequirement(policy, Optional.of(name).filter(known -> !known.isEmpty()), cause)));
        }
        return unmet;
    }

    /** A missing profile is reported without a list of all profiles. */
    private static String cause(String profile, Problem problem) {
        boolean missing = problem.isMissingProfile();
        return missing
                ? "there is no profile '" + Excerpt.of(InstanceName.profileOf(profile)) + "'"
                : problem.inResource();
    }

    private static List<UnmetRequirement> withoutProfile(CompileResult<Policy> result, String cause) {
        Policy policy = PolicyReader.readable(result.source());
        return policy.mode() == Mode.ENFORCE
                ? List.of(new UnmetRequirement(policy, Optional.empty(), cause))
                : List.of();
    }
}
