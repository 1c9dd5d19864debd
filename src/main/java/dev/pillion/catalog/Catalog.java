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
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All profiles and policies. Immutable: every change makes a new catalog. A built-in profile is compiled when it is used for the first time. */
public final class Catalog {

    private final LazyProfiles profiles;
    private final Policies policies;
    private final List<Source> policySources;
    private final EarlierGenerations earlier;
    private final ProfileFields fields;
    /** Computed when it is needed, because it needs all profiles. */
    private volatile @Nullable String generation;

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
        this(LazyProfiles.copyOf(profiles), new Policies(policies, unmet), List.copyOf(policySources), earlier);
    }

    private Catalog(
            LazyProfiles profiles,
            Policies policies,
            List<Source> policySources,
            Map<String, List<ProfileVersion>> earlier) {
        this.profiles = profiles;
        this.policies = policies;
        this.policySources = policySources;
        this.earlier = new EarlierGenerations(earlier, profiles);
        this.fields = new ProfileFields(profiles, this.earlier);
        this.chosen = null;
    }

    private Catalog(Catalog other, Function<String, Optional<Profile>> chosen) {
        this.profiles = other.profiles;
        this.policies = other.policies;
        this.policySources = other.policySources;
        this.earlier = other.earlier;
        this.fields = other.fields;
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
        return policies.pinGenerations() || earlier.hasStable();
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
        return policies.all();
    }

    public Optional<Policy> policy(String name) {
        return policies().stream().filter(policy -> policy.name().equals(name)).findFirst();
    }

    /** The policies whose selectors match these labels, in the order of their precedence. Other policies add no cost. */
    public List<Policy> policies(Map<String, String> namespace, Map<String, String> pod) {
        return policies.matching(namespace, pod);
    }

    /** The policies that have ended, also those with unmet requirements. */
    public Set<Policy> ended(Instant now) {
        return policies.ended(now);
    }

    /** This catalog without the policies that have ended. A policy whose {@code until} has passed applies to no Pod. */
    public Catalog at(Instant now) {
        Set<Policy> ended = ended(now);
        return ended.isEmpty() ? this : new Catalog(profiles, policies.without(ended), policySources, earlier.all());
    }

    /** The requirements of policies that this catalog does not meet. */
    public List<UnmetRequirement> unmet() {
        return policies.unmet();
    }

    /** The unmet requirements of policies whose selectors match these labels. Other policies add no cost. */
    public List<UnmetRequirement> unmet(Map<String, String> namespace, Map<String, String> pod) {
        return policies.unmet(namespace, pod);
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
        Stream<FieldPath> ofPolicies = policies.allMatching(namespace, pod)
                .flatMap(policy -> Stream.concat(
                        policy.fieldsRead(),
                        policy.grants().stream().flatMap(grant -> fields.readBy(grant.profile()))));
        Stream<FieldPath> ofRequests =
                requested.map(InstanceName::profileOf).distinct().flatMap(fields::readBy);
        return Stream.of(policies.selectedLabels().stream(), ofPolicies, ofRequests)
                .flatMap(each -> each)
                .collect(Collectors.toSet());
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
                && policies.areLike(other.policies)
                && earlier.all().equals(other.earlier.all());
    }

    /** A hash that changes with each change of a profile or a policy. */
    public String generation() {
        @Nullable String known = generation;
        if (known == null) {
            known = DnsLabel.hash(Stream.concat(
                            profiles.values().stream().map(profile -> profile.name() + "@" + profile.revision()),
                            Stream.concat(
                                    policies().stream().map(policy -> policy.name() + "@" + policy.generation()),
                                    unmet().stream()
                                            .map(UnmetRequirement::toString)
                                            .sorted()))
                    .collect(Collectors.joining(",")));
            generation = known;
        }
        return known;
    }
}
