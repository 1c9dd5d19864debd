package dev.pillion.catalog.resource;

import static java.util.Objects.requireNonNull;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.ProfileVersion;
import dev.pillion.catalog.Source;
import dev.pillion.catalog.UnmetRequirement;
import dev.pillion.catalog.compile.Problem;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.catalog.resource.ResourceCatalog.Entry;
import dev.pillion.catalog.resource.ResourceCatalog.Good;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes a {@link ResourceCatalog} from the previous one. Compiles changed resources, and policies with changed profiles. */
final class ResourceCompiler {

    private static final String FOR_ALL_ANYWAY =
            "Its percentage has no effect, because there is no usable earlier generation that was in force for all workloads.";

    private final BaseCatalog base;
    private final ResourceCatalog previous;
    private final LastGoodVersions lastGood;
    private final HistoryRule rule;
    private final SortedMap<Id, CatalogResource> resources = new TreeMap<>();

    private final SortedMap<Id, CompileResult<Profile>> profileResults = new TreeMap<>();
    /** Profiles that compile but would break a policy in force, with the problems of these policies. */
    private final Map<Id, List<Problem>> rejected = new HashMap<>();

    private Map<String, Profile> profiles = Map.of();
    private SortedMap<Id, CompileResult<Policy>> policyResults = new TreeMap<>();
    private List<CompileResult<Policy>> baseResults = List.of();

    ResourceCompiler(Catalog base, Collection<CatalogResource> resources, ResourceCatalog previous, HistoryRule rule) {
        this.base = new BaseCatalog(base);
        this.previous = previous;
        this.lastGood = new LastGoodVersions(previous);
        this.rule = rule;
        resources.forEach(resource -> this.resources.put(resource.id(), resource));
    }

    ResourceCatalog compile() {
        compileProfiles();
        do {
            profiles = profiles();
            compilePolicies();
        } while (rejectsProfiles());

        ResourceStatuses statuses = new ResourceStatuses(base, profiles, profileResults.keySet());
        SortedMap<Id, Entry<Profile>> profileEntries = new TreeMap<>();
        profileResults.forEach((id, result) -> profileEntries.put(
                id,
                statuses.of(
                        resource(id),
                        result,
                        rejected.getOrDefault(id, result.problems()),
                        lastGood.profile(resource(id), requireNonNull(profileResults.get(id))))));
        SortedMap<Id, Entry<Policy>> policyEntries = new TreeMap<>();
        policyResults.forEach((id, result) -> policyEntries.put(
                id, statuses.of(resource(id), result, result.problems(), lastGood.policy(resource(id), profiles))));
        PoliciesInForce inForce = new PoliciesInForce(profiles, baseResults);
        Map<String, List<UnmetRequirement>> unmet =
                new UnmetRequirements(profiles, statuses).of(inForce.baseResults(policyEntries), policyEntries);
        policyEntries.replaceAll((id, entry) -> entry.unmet(unmet.getOrDefault(id.name(), List.of())));
        addHistories(profileEntries);
        Collection<Policy> policies = inForce.policies(policyEntries.values());
        Catalog catalog = new Catalog(
                profiles,
                policies,
                base.catalog().policySources(),
                unmet.values().stream().flatMap(List::stream).toList(),
                earlierVersions(profileEntries, new VersionCheck(policies, inForce.sources(policyEntries))));
        profileEntries.replaceAll((id, entry) -> isForAllAnyway(id, catalog) ? entry.with(FOR_ALL_ANYWAY) : entry);
        return new ResourceCatalog(
                base.catalog(),
                catalog,
                profileEntries,
                policyEntries,
                baseResults.stream()
                        .flatMap(result -> result.problems().stream())
                        .toList());
    }

    /** Whether the generation in force is for all workloads although its percentage is below 100. */
    private static boolean isForAllAnyway(Id id, Catalog catalog) {
        return catalog.profile(id.name())
                        .filter(profile -> !profile.generations().forAll())
                        .isPresent()
                && catalog.stable(id.name()).isEmpty();
    }

    private void addHistories(SortedMap<Id, Entry<Profile>> entries) {
        ProfileHistories histories = new ProfileHistories(previous, rule, pinnedByPolicies());
        Map<Id, Optional<Good<Profile>>> before = new HashMap<>();
        entries.forEach((id, entry) -> before.put(id, lastGood.profile(entry.resource(), entry.result())));
        // At the start, all earlier generations of the cluster's profiles are compiled.
        entries.values().parallelStream()
                .map(entry -> {
                    Id id = entry.resource().id();
                    Optional<Profile> inForce = inForce(id, entry.result(), () -> requireNonNull(before.get(id)));
                    return entry.with(
                            inForce.map(Profile::generation),
                            histories.of(entry.resource(), requireNonNull(before.get(id)), inForce));
                })
                .toList()
                .forEach(entry -> entries.put(entry.resource().id(), entry));
    }

    /** The generations that policies pin, also in policies that are not in force. */
    private Set<PinnedGeneration> pinnedByPolicies() {
        return Stream.concat(policyResults.values().stream(), baseResults.stream())
                .flatMap(result -> CompileResult.pinned(result.source()))
                .collect(Collectors.toSet());
    }

    private static Map<String, List<ProfileVersion>> earlierVersions(
            Map<Id, Entry<Profile>> entries, VersionCheck check) {
        Map<String, List<ProfileVersion>> versions = new HashMap<>();
        entries.forEach((id, entry) -> {
            if (!entry.history().entries().isEmpty()) {
                versions.put(
                        id.name(),
                        entry.history().entries().stream().map(check::check).toList());
            }
        });
        return versions;
    }

    private void compileProfiles() {
        // At the start, all profiles of the cluster are new.
        of(Kind.PROFILE).parallelStream()
                .map(resource -> Map.entry(resource.id(), compiled(resource)))
                .toList()
                .forEach(result -> profileResults.put(result.getKey(), result.getValue()));
    }

    private CompileResult<Profile> compiled(CatalogResource resource) {
        Source source = resource.source();
        return previous.profile(resource.id())
                .map(Entry::result)
                .filter(result -> result.isValidFor(source, Map.of()))
                .orElseGet(() -> CompileResult.ofProfile(source));
    }

    /** The profiles in force: the present version of each resource, else its last good version, else the profile that it replaces. */
    private Map<String, Profile> profiles() {
        Map<String, Profile> inForce = base.profiles();
        profileResults.forEach((id, result) -> inForce(id, result, () -> lastGood.profile(resource(id), result))
                .ifPresent(profile -> inForce.put(id.name(), profile)));
        return inForce;
    }

    /** The version of a resource that is in force. */
    private Optional<Profile> inForce(Id id, CompileResult<Profile> result, Supplier<Optional<Good<Profile>>> before) {
        return result.compiled().filter(profile -> !rejected.containsKey(id)).or(() -> before.get()
                .flatMap(Good::compiled));
    }

    private void compilePolicies() {
        policyResults = new TreeMap<>();
        of(Kind.POLICY).forEach(resource -> {
            Source source = resource.source();
            policyResults.put(
                    resource.id(),
                    previous.policy(resource.id())
                            .map(Entry::result)
                            .filter(result -> result.isValidFor(source, profiles))
                            .orElseGet(() -> CompileResult.ofPolicy(source, profiles)));
        });
        baseResults = base.compile(profiles);
    }

    /** Rejects new versions of profiles that would break policies in force. Returns whether there are any. */
    private boolean rejectsProfiles() {
        Set<Id> candidates =
                profileResults.keySet().stream().filter(this::isNew).collect(Collectors.toSet());
        for (CompileResult<Policy> policy : policiesInForce()) {
            for (Problem problem : policy.problems()) {
                policy.profileOf(problem)
                        .map(name -> new Id(Kind.PROFILE, name))
                        .filter(candidates::contains)
                        .ifPresent(profile -> rejected.computeIfAbsent(profile, id -> new ArrayList<>())
                                .add(breaks(profile, policy, problem)));
            }
        }
        return candidates.stream().anyMatch(rejected::containsKey);
    }

    /** Whether this version of a profile was not in force before. */
    private boolean isNew(Id id) {
        Optional<Profile> present = requireNonNull(profileResults.get(id)).compiled();
        return present.isPresent()
                && !rejected.containsKey(id)
                && !lastGood.profile(resource(id), requireNonNull(profileResults.get(id)))
                        .flatMap(Good::compiled)
                        .equals(present);
    }

    /** The policies that are in force and have not changed. They must stay in force. */
    private List<CompileResult<Policy>> policiesInForce() {
        List<CompileResult<Policy>> inForce = new ArrayList<>(baseResults);
        policyResults.forEach((id, result) -> {
            if (wasInForce(id, result)) {
                inForce.add(result);
            }
        });
        return inForce;
    }

    private boolean wasInForce(Id id, CompileResult<Policy> result) {
        return previous.policy(id)
                .map(entry -> entry.status().compiled() && entry.result().isOf(result.source()))
                .orElseGet(() -> resource(id)
                        .lastGoodTree()
                        .filter(result.source().document().tree()::equals)
                        .isPresent());
    }

    private static Problem breaks(Id profile, CompileResult<Policy> policy, Problem problem) {
        return new Problem(
                profile.toString(),
                1,
                "spec.parameters",
                "policy '" + policy.source().name() + "' is in force and would not compile any more: "
                        + problem.inResource());
    }

    private List<CatalogResource> of(Kind kind) {
        return resources.values().stream()
                .filter(resource -> resource.id().kind() == kind)
                .toList();
    }

    private CatalogResource resource(Id id) {
        return requireNonNull(resources.get(id));
    }
}
