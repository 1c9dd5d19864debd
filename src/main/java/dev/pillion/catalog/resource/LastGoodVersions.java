package dev.pillion.catalog.resource;

import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.ResourceCatalog.Entry;
import dev.pillion.catalog.resource.ResourceCatalog.Good;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Finds the last version of each resource that compiled: in the previous catalog, or in the status of the resource. */
final class LastGoodVersions {

    private final ResourceCatalog previous;
    private final Map<Id, Optional<Good<Profile>>> storedProfiles = new HashMap<>();

    LastGoodVersions(ResourceCatalog previous) {
        this.previous = previous;
    }

    /** @param result of the present version */
    Optional<Good<Profile>> profile(CatalogResource resource, CompileResult<Profile> result) {
        return previous.profile(resource.id())
                .flatMap(Entry::good)
                .or(() -> storedProfiles.computeIfAbsent(resource.id(), id -> storedProfile(resource, result)));
    }

    private static Optional<Good<Profile>> storedProfile(CatalogResource resource, CompileResult<Profile> present) {
        return resource.lastGoodTree().flatMap(tree -> {
            CompileResult<Profile> stored =
                    tree.equals(resource.tree()) ? present : CompileResult.ofProfile(resource.source(tree));
            return stored.compiled()
                    .map(profile -> new Good<>(
                            resource.lastGood().orElseThrow().generation(), stored.source(), Optional.of(profile)));
        });
    }

    Optional<Good<Policy>> policy(CatalogResource resource, Map<String, Profile> profiles) {
        return previous.policy(resource.id()).flatMap(Entry::good).or(() -> storedPolicy(resource, profiles));
    }

    /** The stored version is also good if grants do not compile with the present profiles: its other grants are in force. */
    private static Optional<Good<Policy>> storedPolicy(CatalogResource resource, Map<String, Profile> profiles) {
        return resource.lastGoodTree()
                .map(tree -> CompileResult.ofPolicy(resource.source(tree), profiles))
                .filter(CompileResult::hasOnlyGrantProblems)
                .map(result ->
                        new Good<>(resource.lastGood().orElseThrow().generation(), result.source(), result.compiled()));
    }
}
