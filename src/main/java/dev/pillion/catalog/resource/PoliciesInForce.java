package dev.pillion.catalog.resource;

import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.Source;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.ResourceCatalog.Entry;
import dev.pillion.catalog.resource.ResourceCatalog.Good;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the policies in force.
 *
 * @param profiles the profiles in force by name
 * @param ofBase the results for the policies of the directory
 */
record PoliciesInForce(Map<String, Profile> profiles, List<CompileResult<Policy>> ofBase) {

    /** Policies of the directory, without those that a resource with a good version replaces. */
    List<CompileResult<Policy>> baseResults(Map<Id, Entry<Policy>> entries) {
        return ofBase.stream()
                .filter(result -> Optional.ofNullable(
                                entries.get(new Id(Kind.POLICY, result.source().name())))
                        .flatMap(Entry::good)
                        .isEmpty())
                .toList();
    }

    /** The documents of the policies in force. */
    List<Source> sources(Map<Id, Entry<Policy>> entries) {
        return Stream.concat(
                        baseResults(entries).stream().map(CompileResult::source),
                        entries.values().stream()
                                .flatMap(entry -> entry.good().stream())
                                .map(Good::source))
                .toList();
    }

    /** The policies of files, replaced by those of resources with a good version. */
    Collection<Policy> policies(Collection<Entry<Policy>> entries) {
        Map<String, Policy> policies = new HashMap<>();
        for (CompileResult<Policy> result : ofBase) {
            result.compiled()
                    .or(() -> CompileResult.withoutBrokenGrants(result.source(), profiles))
                    .ifPresent(policy -> policies.put(policy.name(), policy));
        }
        for (Entry<Policy> entry : entries) {
            entry.good().ifPresent(good -> {
                policies.remove(entry.resource().id().name());
                Optional<Policy> policy = entry.status().compiled()
                        ? entry.result().compiled()
                        : CompileResult.withoutBrokenGrants(good.source(), profiles);
                policy.ifPresent(fitting -> policies.put(fitting.name(), fitting));
            });
        }
        return policies.values();
    }
}
