package dev.pillion.catalog;

import java.util.Optional;

/**
 * A requirement of a policy in mode Enforce that the catalog does not meet: a profile is missing or does not compile, or the policy itself
 * does not compile.
 *
 * @param policy selects the Pods; if its selectors or its percentage cannot be read, it selects every Pod
 * @param profile the profile's name; empty if it cannot be read
 */
public record UnmetRequirement(Policy policy, Optional<String> profile, String cause) {

    @Override
    public String toString() {
        return "policy " + policy.name() + " enforces "
                + profile.map(name -> "profile '" + name + "'").orElse("a profile")
                + ", which cannot be provided: " + cause;
    }
}
