package dev.pillion.catalog;

import dev.pillion.catalog.Resource.Id;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What resources of the same name stand in for: the profiles and policies of a directory, and the built-in profiles. */
record LowerLayer(Catalog catalog) {

    Map<String, Profile> profiles() {
        Map<String, Profile> profiles = new HashMap<>();
        catalog.profiles().forEach(profile -> profiles.put(profile.name(), profile));
        return profiles;
    }

    /** Its policies against other profiles than its own. */
    List<Attempt<Policy>> attempts(Map<String, Profile> profiles) {
        Map<String, Profile> own = profiles();
        List<Attempt<Policy>> attempts = new ArrayList<>();
        for (Source source : catalog.policySources()) {
            Attempt<Policy> among =
                    new Attempt<>(source, policy(source.name()), List.of(), Attempt.granted(source, own));
            attempts.add(among.holdsFor(source, profiles) ? among : Attempt.atPolicy(source, profiles));
        }
        return attempts;
    }

    /** Where that is from which a resource stands in for, as a person knows it; empty when there is nothing. */
    Optional<String> sourceOf(Id id) {
        Optional<String> source =
                switch (id.kind()) {
                    case PROFILE -> catalog.profile(id.name()).map(Profile::source);
                    case POLICY -> policy(id.name()).map(Policy::source);
                };
        return source.map(known -> known.equals(CatalogReader.BUILT_IN_SOURCE) ? known : "in " + known);
    }

    private Optional<Policy> policy(String name) {
        return catalog.policies().stream()
                .filter(policy -> policy.name().equals(name))
                .findFirst();
    }
}
