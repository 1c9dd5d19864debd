package dev.pillion.catalog;

import java.util.Optional;

/**
 * Something that a policy in mode Enforce requires and that the catalog cannot provide: a profile is gone or does not compile, or the
 * policy itself does not.
 *
 * @param policy which Pods it is for; where its selectors or its percentage cannot be read, it is for every Pod
 * @param profile the profile's name; empty where even that cannot be read
 */
public record UnmetRequirement(Policy policy, Optional<String> profile, String cause) {

    @Override
    public String toString() {
        return "policy " + policy.name() + " enforces "
                + profile.map(name -> "profile '" + name + "'").orElse("a profile")
                + ", which cannot be provided: " + cause;
    }
}
