package dev.pillion.catalog.resource;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.Source;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.resource.CatalogResource.Id;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The profiles and policies that resources of the same name replace: those of a directory, and the built-in profiles. */
record BaseCatalog(Catalog catalog) {

    Map<String, Profile> profiles() {
        Map<String, Profile> profiles = new HashMap<>();
        catalog.profiles().forEach(profile -> profiles.put(profile.name(), profile));
        return profiles;
    }

    /** Compiles its policies with other profiles than its own. */
    List<CompileResult<Policy>> compile(Map<String, Profile> profiles) {
        Map<String, Profile> own = profiles();
        List<CompileResult<Policy>> results = new ArrayList<>();
        for (Source source : catalog.policySources()) {
            CompileResult<Policy> among = new CompileResult<>(
                    source, catalog.policy(source.name()), List.of(), CompileResult.granted(source, own));
            results.add(among.isValidFor(source, profiles) ? among : CompileResult.ofPolicy(source, profiles));
        }
        return results;
    }

    /** The source of the profile or policy that a resource replaces, for a message; empty if it replaces none. */
    Optional<String> sourceOf(Id id) {
        Optional<String> source =
                switch (id.kind()) {
                    case PROFILE -> catalog.profile(id.name()).map(Profile::source);
                    case POLICY -> catalog.policy(id.name()).map(Policy::source);
                };
        return source.map(known -> known.equals(CatalogReader.BUILT_IN_SOURCE) ? known : "in " + known);
    }
}
