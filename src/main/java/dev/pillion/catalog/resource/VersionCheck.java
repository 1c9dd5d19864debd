package dev.pillion.catalog.resource;

import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Grant;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.ProfileVersion;
import dev.pillion.catalog.Source;
import dev.pillion.catalog.compile.PolicyReader;
import dev.pillion.catalog.compile.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Checks whether Pods can get an earlier generation of a profile: all policies in force must compile with it, and mean the same. Then a decision with
 * the earlier generation needs no other policies.
 */
final class VersionCheck {

    private final Map<String, Policy> inForce;
    private final List<Source> sources;

    /** @param sources the documents of the policies in force */
    VersionCheck(Collection<Policy> inForce, List<Source> sources) {
        this.inForce = inForce.stream().collect(Collectors.toMap(Policy::name, Function.identity()));
        this.sources = sources;
    }

    ProfileVersion check(ProfileHistory.Entry entry) {
        return entry.profile()
                .<ProfileVersion>map(profile -> obstacle(profile)
                        .<ProfileVersion>map(reason -> new ProfileVersion.Unusable(entry.generation(), reason))
                        .orElseGet(() -> new ProfileVersion.Usable(profile)))
                .orElseGet(() -> new ProfileVersion.Unusable(entry.generation(), entry.problem()));
    }

    private Optional<String> obstacle(Profile version) {
        for (Source source : sources) {
            Policy policy = inForce.get(source.name());
            if (policy != null && policy.grants().stream().anyMatch(grant -> isOf(version, grant))) {
                List<Problem> problems = new ArrayList<>();
                List<Grant> grants = PolicyReader.grantsOf(version, source, problems);
                Optional<String> obstacle = problems.stream()
                        .findFirst()
                        .map(problem ->
                                "policy " + policy.name() + " does not compile with it: " + problem.inResource())
                        .or(() -> difference(policy, version, grants));
                if (obstacle.isPresent()) {
                    return obstacle;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> difference(Policy policy, Profile version, List<Grant> grants) {
        return policy.grants().stream()
                .filter(grant -> isOf(version, grant) && !grants.contains(grant))
                .findFirst()
                .map(grant -> "policy " + policy.name() + " would set other values of its parameters");
    }

    private static boolean isOf(Profile version, Grant grant) {
        return grant.profile().equals(version.name());
    }
}
