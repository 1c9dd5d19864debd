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

/**
 * The catalog that is in force where a cluster has profiles and policies of its own: these over the ones of a directory, over the built-in
 * ones. Immutable; the next one is made from it, since what was good in it serves where its successor is not.
 *
 * <p>A resource that does not compile keeps its last good version, or is left out, and never keeps another from being in force. Neither
 * does a profile take a policy down with it: a version that a policy in force cannot be compiled against is as bad as one that does not
 * compile itself.
 */
public final class ResourceCatalog {

    private final Catalog below;
    private final Catalog catalog;
    private final SortedMap<Id, Entry<Profile>> profiles;
    private final SortedMap<Id, Entry<Policy>> policies;
    private final List<Problem> problemsBelow;

    /**
     * @param attempt at the present version
     * @param good the last version that compiled, and so is or was in force
     */
    record Entry<T>(
            CatalogResource resource, CompileResult<T> attempt, ResourceStatus verdict, Optional<Good<T>> good) {

        Entry<T> unmet(List<UnmetRequirement> requirements) {
            return requirements.isEmpty()
                    ? this
                    : new Entry<>(
                            resource,
                            attempt,
                            verdict.with(requirements.stream()
                                    .map(UnmetRequirement::toString)
                                    .toList()),
                            good);
        }
    }

    /**
     * @param generation as the API server counts
     * @param compiled a profile; of a policy empty where it was compiled against other profiles than there are now
     */
    record Good<T>(long generation, Source source, Optional<T> compiled) {}

    ResourceCatalog(
            Catalog below,
            Catalog catalog,
            Map<Id, Entry<Profile>> profiles,
            Map<Id, Entry<Policy>> policies,
            List<Problem> problemsBelow) {
        this.below = below;
        this.catalog = catalog;
        this.profiles = Collections.unmodifiableSortedMap(new TreeMap<>(profiles));
        this.policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
        this.problemsBelow = List.copyOf(problemsBelow);
    }

    /** No resources yet. */
    public static ResourceCatalog over(Catalog below) {
        return new ResourceCatalog(below, below, Map.of(), Map.of(), List.of());
    }

    /**
     * What follows when the cluster has these.
     *
     * @param below the profiles and policies that the resources stand in for, where they bear the same name
     */
    public ResourceCatalog with(Catalog below, Collection<CatalogResource> resources) {
        return new ResourceCompiler(below, resources, this).compile();
    }

    /** What would follow if one resource were made or changed, and the cluster had these beside it. */
    public ResourceCatalog with(CatalogResource changed, Collection<CatalogResource> others) {
        List<CatalogResource> resources = new ArrayList<>(others);
        resources.removeIf(resource -> resource.id().equals(changed.id()));
        resources.add(changed);
        return with(below, resources);
    }

    /** What would follow if one profile were deleted, and the cluster had these resources beside it. */
    public Deletion deletionOf(Id profile, Collection<CatalogResource> others) {
        List<CatalogResource> resources = new ArrayList<>(others);
        resources.removeIf(resource -> resource.id().equals(profile));
        return Deletion.of(profile.name(), with(below, resources));
    }

    public Catalog catalog() {
        return catalog;
    }

    /** What has become of each resource, profiles first. */
    public Map<Id, ResourceStatus> verdicts() {
        SortedMap<Id, ResourceStatus> verdicts = new TreeMap<>();
        profiles.forEach((id, entry) -> verdicts.put(id, entry.verdict()));
        policies.forEach((id, entry) -> verdicts.put(id, entry.verdict()));
        return verdicts;
    }

    /** What is wrong with policies of the directory, good by themselves, since there are these resources. */
    public List<Problem> problemsBelow() {
        return problemsBelow;
    }

    /** The policies of resources and of the directory, in the version that is in force or, where none is, the present one. */
    List<Source> policySources() {
        List<Source> sources = new ArrayList<>();
        policies.values()
                .forEach(entry -> sources.add(
                        entry.good().map(Good::source).orElse(entry.attempt().source())));
        below.policySources().stream()
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
