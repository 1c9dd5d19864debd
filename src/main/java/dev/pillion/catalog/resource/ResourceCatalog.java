package dev.pillion.catalog.resource;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.Source;
import dev.pillion.catalog.UnmetRequirement;
import dev.pillion.catalog.compile.Problem;
import dev.pillion.catalog.resource.CatalogResource.Id;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The catalog of a cluster: its resources replace the profiles and policies of a directory with the same names, and these replace the built-in
 * ones. Immutable. The next catalog is made from this one, because the last good versions are in it.
 *
 * <p>If a resource does not compile, its last good version stays in force; without one it is left out. All other resources stay in force. A
 * new version of a profile that would break a policy in force is treated like one that does not compile.
 */
public final class ResourceCatalog {

    private final Catalog base;
    private final Catalog catalog;
    private final SortedMap<Id, Entry<Profile>> profiles;
    private final SortedMap<Id, Entry<Policy>> policies;
    private final List<Problem> baseProblems;

    /**
     * @param result of compiling the present version
     * @param good the last version that compiled
     * @param history for a profile: its earlier generations
     */
    record Entry<T>(
            CatalogResource resource,
            CompileResult<T> result,
            ResourceStatus status,
            Optional<Good<T>> good,
            ProfileHistory history) {

        Entry(CatalogResource resource, CompileResult<T> result, ResourceStatus status, Optional<Good<T>> good) {
            this(resource, result, status, good, ProfileHistory.NONE);
        }

        Entry<T> with(String note) {
            return new Entry<>(resource, result, status.with(note), good, history);
        }

        /** @param inForce the generation in force; empty if no version is in force */
        Entry<T> with(Optional<String> inForce, ProfileHistory generations) {
            return new Entry<>(resource, result, status.with(inForce, generations), good, generations);
        }

        Entry<T> unmet(List<UnmetRequirement> requirements) {
            return requirements.isEmpty()
                    ? this
                    : new Entry<>(
                            resource,
                            result,
                            status.with(requirements.stream()
                                    .map(UnmetRequirement::toString)
                                    .toList()),
                            good);
        }
    }

    /**
     * @param generation {@code metadata.generation} of the version
     * @param compiled empty for a policy that was compiled with other profiles
     */
    record Good<T>(long generation, Source source, Optional<T> compiled) {}

    ResourceCatalog(
            Catalog base,
            Catalog catalog,
            Map<Id, Entry<Profile>> profiles,
            Map<Id, Entry<Policy>> policies,
            List<Problem> baseProblems) {
        this.base = base;
        this.catalog = catalog;
        this.profiles = Collections.unmodifiableSortedMap(new TreeMap<>(profiles));
        this.policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
        this.baseProblems = List.copyOf(baseProblems);
    }

    /** A catalog without resources. */
    public static ResourceCatalog over(Catalog base) {
        return new ResourceCatalog(base, base, Map.of(), Map.of(), List.of());
    }

    /**
     * The next catalog if the cluster has these resources.
     *
     * @param base the profiles and policies that resources of the same name replace
     */
    public ResourceCatalog with(Catalog base, Collection<CatalogResource> resources) {
        return with(base, resources, HistoryRule.FOLLOWING);
    }

    /** @param rule how the histories of profiles continue */
    public ResourceCatalog with(Catalog base, Collection<CatalogResource> resources, HistoryRule rule) {
        return new ResourceCompiler(base, resources, this, rule).compile();
    }

    /** Whether a history is longer than its limit, so that generations that nothing pins should be dropped. */
    public boolean exceedsHistoryLimits() {
        return profiles.values().stream().anyMatch(entry -> entry.history().exceedsLimit());
    }

    /** The next catalog if one resource is created or changed and the cluster has these other ones. */
    public ResourceCatalog with(CatalogResource changed, Collection<CatalogResource> others) {
        List<CatalogResource> resources = new ArrayList<>(others);
        resources.removeIf(resource -> resource.id().equals(changed.id()));
        resources.add(changed);
        return with(base, resources, HistoryRule.LEADING);
    }

    /** The effect of the deletion of a profile if the cluster has these other resources. */
    public Deletion deletionOf(Id profile, Collection<CatalogResource> others) {
        List<CatalogResource> resources = new ArrayList<>(others);
        resources.removeIf(resource -> resource.id().equals(profile));
        return Deletion.of(profile.name(), with(base, resources));
    }

    /** The resources that this catalog is made of, profiles first. */
    public List<CatalogResource> resources() {
        return Stream.concat(
                        profiles.values().stream().map(Entry::resource),
                        policies.values().stream().map(Entry::resource))
                .toList();
    }

    public Catalog catalog() {
        return catalog;
    }

    /** The status of each resource, profiles first. */
    public Map<Id, ResourceStatus> statuses() {
        SortedMap<Id, ResourceStatus> statuses = new TreeMap<>();
        profiles.forEach((id, entry) -> statuses.put(id, entry.status()));
        policies.forEach((id, entry) -> statuses.put(id, entry.status()));
        return statuses;
    }

    /** The problems that resources cause in policies of the directory. */
    public List<Problem> baseProblems() {
        return baseProblems;
    }

    /** The policies of resources and of the directory: the versions in force, or the current ones if no version is in force. */
    List<Source> policySources() {
        List<Source> sources = new ArrayList<>();
        policies.values()
                .forEach(entry -> sources.add(
                        entry.good().map(Good::source).orElse(entry.result().source())));
        base.policySources().stream()
                .filter(source -> !policies.containsKey(new Id(CatalogResource.Kind.POLICY, source.name())))
                .forEach(sources::add);
        return sources;
    }

    Optional<Entry<Profile>> profile(Id id) {
        return Optional.ofNullable(profiles.get(id));
    }

    Optional<Entry<Policy>> policy(Id id) {
        return Optional.ofNullable(policies.get(id));
    }
}
