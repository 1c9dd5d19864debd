package dev.pillion.catalog.resource;

import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The effect of the deletion of a profile on the policies that grant it.
 *
 * @param broken names of policies that lose the profile
 * @param switched names of policies that get the built-in profile, or that of the directory, with the same name
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
                CompileResult<Policy> result = CompileResult.ofPolicy(policy, left);
                boolean fails = result.problems().stream().anyMatch(problem -> result.profileOf(problem)
                        .filter(profile::equals)
                        .isPresent());
                (fails ? broken : switched).add(policy.name());
            }
        }
        return new Deletion(broken, switched);
    }
}
