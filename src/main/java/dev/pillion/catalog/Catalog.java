package dev.pillion.catalog;

import dev.pillion.expression.FieldPath;
import dev.pillion.pod.DnsLabel;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All profiles and policies. Immutable: every change makes a new catalog. A built-in profile is compiled when it is used for the first time. */
public final class Catalog {

    private final LazyProfiles profiles;
    private final List<Policy> policies;
    private final List<Source> policySources;
    private final PolicyIndex index;
    private final Map<Policy, List<UnmetRequirement>> unmet;
    private final PolicyIndex unmetIndex;
    /** Computed when it is needed, because it needs all profiles. */
    private volatile @Nullable String generation;

    private final EarlierGenerations earlier;
    private final boolean pinnedByPolicies;

    private final Map<String, Set<FieldPath>> fieldsReadByProfiles = new ConcurrentHashMap<>();
    private final Set<FieldPath> selectedLabels;

    /** Another choice of the profiles' versions; null for the versions in force. */
    private final @Nullable Function<String, Optional<Profile>> chosen;

    /** A catalog whose policies have no sources. */
    public Catalog(Map<String, Profile> profiles, Collection<Policy> policies) {
        this(profiles, policies, List.of(), List.of(), Map.of());
    }

    /**
     * @param policySources the documents of the policies
     * @param unmet the requirements of policies that these profiles do not meet
     * @param earlier the earlier generations of profiles by name, the oldest first
     */
    public Catalog(
            Map<String, Profile> profiles,
            Collection<Policy> policies,
            List<Source> policySources,
            Collection<UnmetRequirement> unmet,
            Map<String, List<ProfileVersion>> earlier) {
        this.profiles = LazyProfiles.copyOf(profiles);
        this.policies = policies.stream().sorted(Policy.PRECEDENCE).toList();
        this.policySources = List.copyOf(policySources);
        this.index = new PolicyIndex(this.policies);
        this.unmet = unmet.stream().collect(Collectors.groupingBy(UnmetRequirement::policy));
        this.unmetIndex = new PolicyIndex(this.unmet.keySet());
        this.chosen = null;
        this.earlier = new EarlierGenerations(earlier, this.profiles);
        this.pinnedByPolicies = this.policies.stream()
                .flatMap(policy -> policy.grants().stream())
                .anyMatch(grant -> grant.generation().isPresent());
        this.selectedLabels = Stream.concat(this.policies.stream(), this.unmet.keySet().stream())
                .flatMap(Policy::selectedLabels)
                .collect(Collectors.toSet());
    }

    private Catalog(Catalog other, Function<String, Optional<Profile>> chosen) {
        this.profiles = other.profiles;
        this.policies = other.policies;
        this.policySources = other.policySources;
        this.index = other.index;
        this.unmet = other.unmet;
        this.unmetIndex = other.unmetIndex;
        this.earlier = other.earlier;
        this.pinnedByPolicies = other.pinnedByPolicies;
        this.selectedLabels = other.selectedLabels;
        this.chosen = chosen;
    }

    /**
     * A view of this catalog in which {@link #profile} returns other versions. All earlier versions that can be used fit the policies, so the policies
     * are the same. {@link #profiles} of the view are still those in force. A view costs nothing to make.
     *
     * @param versions the version of a profile or an instance by its name
     */
    public Catalog choosing(Function<String, Optional<Profile>> versions) {
        return new Catalog(this, versions);
    }

    /** The profile with this name, or an instance of a profile. */
    public Optional<Profile> profile(String name) {
        return chosen != null ? chosen.apply(name) : inForce(name);
    }

    private Optional<Profile> inForce(String name) {
        Profile known = profiles.get(name);
        return known != null
                ? Optional.of(known)
                : InstanceName.of(name).filter(InstanceName::isValid).flatMap(each -> Optional.ofNullable(
                                profiles.get(each.profile()))
                        .map(profile -> profile.instance(each.instance())));
    }

    /** A generation of a profile, or of an instance of it: the one in force, or an earlier one. */
    public Optional<ProfileVersion> version(String name, String generation) {
        Optional<Profile> present = inForce(name);
        if (present.filter(profile -> profile.generation().equals(generation)).isPresent()) {
            return present.map(ProfileVersion.Usable::new);
        }
        return present.flatMap(profile -> earlier.find(profile, generation));
    }

    /** The earlier generations of a profile, the oldest first. */
    public List<ProfileVersion> earlier(String name) {
        return earlier.of(InstanceName.profileOf(name));
    }

    /** Whether Pods can get an earlier generation of a profile without an annotation. */
    public boolean choosesGenerations() {
        return pinnedByPolicies || earlier.hasStable();
    }

    /**
     * For a profile or an instance whose present generation is only for a percentage of workloads: the version for the others, which is the last one
     * that was in force for all workloads. Empty if the present generation is for all, or if there is no such version.
     */
    public Optional<Profile> stable(String name) {
        return inForce(name).flatMap(earlier::stable);
    }

    /** All profiles by name. Those that are not compiled yet stay so. */
    public LazyProfiles profilesByName() {
        return profiles;
    }

    /** All profiles, sorted by name. */
    public Collection<Profile> profiles() {
        return profiles.values();
    }

    public Collection<String> names() {
        return profiles.keySet();
    }

    /** All policies in the order of their precedence. */
    public List<Policy> policies() {
        return policies;
    }

    /** The policies whose selectors match these labels, in the order of their precedence. Other policies add no cost. */
    public List<Policy> policies(Map<String, String> namespace, Map<String, String> pod) {
        return index.matching(namespace, pod);
    }

    /** The policies that have ended, and those whose requirements are not met and that have ended. */
    public Set<Policy> ended(Instant now) {
        return Stream.concat(policies.stream(), unmet.keySet().stream())
                .filter(policy -> policy.hasEnded(now))
                .collect(Collectors.toSet());
    }

    /** This catalog without the policies that have ended. A policy whose {@code until} has passed applies to no Pod. */
    public Catalog at(Instant now) {
        Set<Policy> ended = ended(now);
        return ended.isEmpty()
                ? this
                : new Catalog(
                        profiles,
                        policies.stream()
                                .filter(policy -> !ended.contains(policy))
                                .toList(),
                        policySources,
                        unmet().stream()
                                .filter(each -> !ended.contains(each.policy()))
                                .toList(),
                        earlier.all());
    }

    /** The requirements of policies that this catalog does not meet. */
    public List<UnmetRequirement> unmet() {
        return unmet.values().stream().flatMap(List::stream).toList();
    }

    /** The unmet requirements of policies whose selectors match these labels. Other policies add no cost. */
    public List<UnmetRequirement> unmet(Map<String, String> namespace, Map<String, String> pod) {
        return unmet.isEmpty()
                ? List.of()
                : unmetIndex.matching(namespace, pod).stream()
                        .flatMap(policy -> unmet.getOrDefault(policy, List.of()).stream())
                        .toList();
    }

    /**
     * The fields of a Pod that a decision can depend on because policies or profiles read them. A decision also depends on fields that
     * Pillion reads of every Pod.
     *
     * @param namespace labels of the namespace
     * @param pod labels of the Pod
     * @param requested names of the profiles or instances that the Pod can request; others are ignored
     */
    public Set<FieldPath> fieldsRead(Map<String, String> namespace, Map<String, String> pod, Stream<String> requested) {
        Stream<Policy> matching =
                Stream.concat(policies(namespace, pod).stream(), unmetIndex.matching(namespace, pod).stream());
        return Stream.of(
                        selectedLabels.stream(),
                        matching.flatMap(policy -> Stream.concat(
                                policy.fieldsRead(),
                                policy.grants().stream().flatMap(grant -> fieldsReadBy(grant.profile())))),
                        requested.map(InstanceName::profileOf).distinct().flatMap(this::fieldsReadBy))
                .flatMap(each -> each)
                .collect(Collectors.toSet());
    }

    private Stream<FieldPath> fieldsReadBy(String profile) {
        return profiles.containsKey(profile)
                ? fieldsReadByProfiles
                        .computeIfAbsent(profile, name -> Stream.concat(
                                        Objects.requireNonNull(profiles.get(name))
                                                .fieldsRead(),
                                        earlier.fieldsRead(name))
                                .collect(Collectors.toUnmodifiableSet()))
                        .stream()
                : Stream.empty();
    }

    /** The documents of the policies that were read from files. */
    public List<Source> policySources() {
        return policySources;
    }

    /** This catalog, after all its profiles are compiled. A server compiles nothing during a review. */
    public Catalog compiled() {
        profiles.values().forEach(Objects::requireNonNull);
        return this;
    }

    /** Whether all decisions with this catalog and the other one are the same. All profiles are compiled for this. */
    public boolean decidesLike(Catalog other) {
        return profiles.equals(other.profiles)
                && policies.equals(other.policies)
                && unmet.equals(other.unmet)
                && earlier.all().equals(other.earlier.all());
    }

    /** A hash that changes with each change of a profile or a policy. */
    public String generation() {
        @Nullable String known = generation;
        if (known == null) {
            known = DnsLabel.hash(Stream.concat(
                            profiles.values().stream().map(profile -> profile.name() + "@" + profile.revision()),
                            Stream.concat(
                                    policies.stream().map(policy -> policy.name() + "@" + policy.generation()),
                                    unmet().stream()
                                            .map(UnmetRequirement::toString)
                                            .sorted()))
                    .collect(Collectors.joining(",")));
            generation = known;
        }
        return known;
    }
}
