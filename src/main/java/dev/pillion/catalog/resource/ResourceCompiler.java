package dev.pillion.catalog.resource;

import static java.util.Objects.requireNonNull;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Profile;
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
import java.util.stream.Collectors;

/** Makes one {@link ResourceCatalog} from the one before. Compiles what has changed, and what names something that has. */
final class ResourceCompiler {

    private final BaseCatalog below;
    private final ResourceCatalog previous;
    private final SortedMap<Id, CatalogResource> resources = new TreeMap<>();

    private final SortedMap<Id, CompileResult<Profile>> profileAttempts = new TreeMap<>();
    /** Profiles that compile, and that a policy in force does not compile against; and why. */
    private final Map<Id, List<Problem>> takenBack = new HashMap<>();

    private final Map<Id, Optional<Good<Profile>>> storedProfiles = new HashMap<>();

    private Map<String, Profile> profiles = Map.of();
    private SortedMap<Id, CompileResult<Policy>> policyAttempts = new TreeMap<>();
    private List<CompileResult<Policy>> attemptsBelow = List.of();

    ResourceCompiler(Catalog below, Collection<CatalogResource> resources, ResourceCatalog previous) {
        this.below = new BaseCatalog(below);
        this.previous = previous;
        resources.forEach(resource -> this.resources.put(resource.id(), resource));
    }

    ResourceCatalog compile() {
        attemptAtProfiles();
        do {
            profiles = profiles();
            attemptAtPolicies();
        } while (takesBack());

        ResourceStatuses verdicts = new ResourceStatuses(below, profiles, profileAttempts.keySet());
        SortedMap<Id, Entry<Profile>> profileEntries = new TreeMap<>();
        profileAttempts.forEach((id, attempt) -> profileEntries.put(
                id,
                verdicts.of(resource(id), attempt, takenBack.getOrDefault(id, attempt.problems()), goodProfile(id))));
        SortedMap<Id, Entry<Policy>> policyEntries = new TreeMap<>();
        policyAttempts.forEach((id, attempt) ->
                policyEntries.put(id, verdicts.of(resource(id), attempt, attempt.problems(), goodPolicy(id))));
        Map<String, List<UnmetRequirement>> unmet =
                new UnmetRequirements(profiles, verdicts).of(unshadowedBelow(policyEntries), policyEntries);
        policyEntries.replaceAll((id, entry) -> entry.unmet(unmet.getOrDefault(id.name(), List.of())));
        return new ResourceCatalog(
                below.catalog(),
                new Catalog(
                        profiles,
                        policies(policyEntries.values()),
                        below.catalog().policySources(),
                        unmet.values().stream().flatMap(List::stream).toList()),
                profileEntries,
                policyEntries,
                attemptsBelow.stream()
                        .flatMap(attempt -> attempt.problems().stream())
                        .toList());
    }

    /** Policies of the directory, but for those that a resource with a good version stands in for. */
    private List<CompileResult<Policy>> unshadowedBelow(Map<Id, Entry<Policy>> entries) {
        return attemptsBelow.stream()
                .filter(attempt -> Optional.ofNullable(
                                entries.get(new Id(Kind.POLICY, attempt.source().name())))
                        .flatMap(Entry::good)
                        .isEmpty())
                .toList();
    }

    private void attemptAtProfiles() {
        of(Kind.PROFILE).forEach(resource -> {
            Source source = resource.source();
            profileAttempts.put(
                    resource.id(),
                    previous.profile(resource.id())
                            .map(Entry::attempt)
                            .filter(attempt -> attempt.isValidFor(source, Map.of()))
                            .orElseGet(() -> CompileResult.ofProfile(source)));
        });
    }

    /** Those that serve: of a resource the present version, or else the last good one, or else what it would have stood in for. */
    private Map<String, Profile> profiles() {
        Map<String, Profile> serving = below.profiles();
        profileAttempts.forEach((id, attempt) -> attempt.compiled()
                .filter(profile -> !takenBack.containsKey(id))
                .or(() -> goodProfile(id).flatMap(Good::compiled))
                .ifPresent(profile -> serving.put(id.name(), profile)));
        return serving;
    }

    private void attemptAtPolicies() {
        policyAttempts = new TreeMap<>();
        of(Kind.POLICY).forEach(resource -> {
            Source source = resource.source();
            policyAttempts.put(
                    resource.id(),
                    previous.policy(resource.id())
                            .map(Entry::attempt)
                            .filter(attempt -> attempt.isValidFor(source, profiles))
                            .orElseGet(() -> CompileResult.ofPolicy(source, profiles)));
        });
        attemptsBelow = below.attempts(profiles);
    }

    /** Takes back new versions of profiles that policies in force do not compile against; whether there were any. */
    private boolean takesBack() {
        Set<Id> candidates =
                profileAttempts.keySet().stream().filter(this::isNew).collect(Collectors.toSet());
        for (CompileResult<Policy> policy : policiesInForce()) {
            for (Problem problem : policy.problems()) {
                policy.profileOf(problem)
                        .map(name -> new Id(Kind.PROFILE, name))
                        .filter(candidates::contains)
                        .ifPresent(profile -> takenBack
                                .computeIfAbsent(profile, id -> new ArrayList<>())
                                .add(breaks(profile, policy, problem)));
            }
        }
        return candidates.stream().anyMatch(takenBack::containsKey);
    }

    /** Whether this version of a profile has not served before, and would now. */
    private boolean isNew(Id id) {
        Optional<Profile> present = requireNonNull(profileAttempts.get(id)).compiled();
        return present.isPresent()
                && !takenBack.containsKey(id)
                && !goodProfile(id).flatMap(Good::compiled).equals(present);
    }

    /** Those that served and have not changed since: they are to go on serving. */
    private List<CompileResult<Policy>> policiesInForce() {
        List<CompileResult<Policy>> inForce = new ArrayList<>(attemptsBelow);
        policyAttempts.forEach((id, attempt) -> {
            if (wasInForce(id, attempt)) {
                inForce.add(attempt);
            }
        });
        return inForce;
    }

    private boolean wasInForce(Id id, CompileResult<Policy> attempt) {
        return previous.policy(id)
                .map(entry -> entry.verdict().compiled() && entry.attempt().isOf(attempt.source()))
                .orElseGet(() -> resource(id)
                        .lastGoodTree()
                        .filter(attempt.source().document().tree()::equals)
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

    /** Those of files, and over them those of resources that are in force in some version. */
    private Collection<Policy> policies(Collection<Entry<Policy>> entries) {
        Map<String, Policy> policies = new HashMap<>();
        for (CompileResult<Policy> attempt : attemptsBelow) {
            attempt.compiled()
                    .or(() -> CompileResult.withoutBrokenGrants(attempt.source(), profiles))
                    .ifPresent(policy -> policies.put(policy.name(), policy));
        }
        for (Entry<Policy> entry : entries) {
            entry.good().ifPresent(good -> {
                policies.remove(entry.resource().id().name());
                Optional<Policy> policy = entry.verdict().compiled()
                        ? entry.attempt().compiled()
                        : CompileResult.withoutBrokenGrants(good.source(), profiles);
                policy.ifPresent(fitting -> policies.put(fitting.name(), fitting));
            });
        }
        return policies.values();
    }

    private List<CatalogResource> of(Kind kind) {
        return resources.values().stream()
                .filter(resource -> resource.id().kind() == kind)
                .toList();
    }

    private CatalogResource resource(Id id) {
        return requireNonNull(resources.get(id));
    }

    /** The last good version that this Pillion has seen itself, or else the one that the resource's status keeps. */
    private Optional<Good<Profile>> goodProfile(Id id) {
        return previous.profile(id)
                .flatMap(Entry::good)
                .or(() -> storedProfiles.computeIfAbsent(id, this::storedProfile));
    }

    private Optional<Good<Profile>> storedProfile(Id id) {
        CatalogResource resource = resource(id);
        return resource.lastGoodTree().flatMap(tree -> {
            CompileResult<Profile> present = requireNonNull(profileAttempts.get(id));
            CompileResult<Profile> attempt =
                    tree.equals(resource.tree()) ? present : CompileResult.ofProfile(resource.source(tree));
            return attempt.compiled()
                    .map(profile -> new Good<>(
                            resource.lastGood().orElseThrow().generation(), attempt.source(), Optional.of(profile)));
        });
    }

    private Optional<Good<Policy>> goodPolicy(Id id) {
        return previous.policy(id).flatMap(Entry::good).or(() -> storedPolicy(id));
    }

    /** It may be good although it does not compile against the profiles that there are now: what fits of it is in force. */
    private Optional<Good<Policy>> storedPolicy(Id id) {
        CatalogResource resource = resource(id);
        return resource.lastGoodTree()
                .map(tree -> CompileResult.ofPolicy(resource.source(tree), profiles))
                .filter(CompileResult::hasOnlyGrantProblems)
                .map(attempt -> new Good<>(
                        resource.lastGood().orElseThrow().generation(), attempt.source(), attempt.compiled()));
    }
}
