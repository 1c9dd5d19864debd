package dev.pillion.catalog.resource;

import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the deletion of a profile does to the policies that grant it.
 *
 * @param broken names of policies that lose the profile
 * @param switched names of policies that get the profile of the same name that is built in or in the directory instead
 */
public record Deletion(List<String> broken, List<String> switched) {

    /** @param after the catalog without the profile */
    static Deletion of(String profile, ResourceCatalog after) {
        Map<String, Profile> left = new HashMap<>();
        after.catalog().profiles().forEach(each -> left.put(each.name(), each));
        List<String> broken = new ArrayList<>();
        List<String> switched = new ArrayList<>();
        for (Source policy : after.policySources()) {
            if (CompileResult.grantedNames(policy).contains(profile)) {
                CompileResult<Policy> attempt = CompileResult.ofPolicy(policy, left);
                boolean fails = attempt.problems().stream().anyMatch(problem -> attempt.profileOf(problem)
                        .filter(profile::equals)
                        .isPresent());
                (fails ? broken : switched).add(policy.name());
            }
        }
        return new Deletion(broken, switched);
    }
}
