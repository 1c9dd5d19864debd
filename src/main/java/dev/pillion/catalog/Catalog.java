package dev.pillion.catalog;

import dev.pillion.expression.Expression;
import dev.pillion.expression.FieldPath;
import dev.pillion.pod.DnsLabel;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All profiles and policies, compiled. Immutable: every change makes a new catalog. */
public final class Catalog {

    /** The fields that differ between Pods of one template: they contain generated names, or times. */
    private static final List<FieldPath> VOLATILE_FIELDS = Stream.of(
                    "pod.metadata.managedFields",
                    "pod.spec.volumes",
                    "pod.spec.containers",
                    "pod.spec.initContainers",
                    "pod.spec.ephemeralContainers",
                    "app.volumeMounts")
            .map(FieldPath::of)
            .toList();

    private final Map<String, Profile> profiles;
    private final List<Policy> policies;
    private final List<Source> policySources;
    private final PolicyIndex index;
    private final Map<Policy, List<UnmetRequirement>> unmet;
    private final PolicyIndex unmetIndex;
    private final String generation;
    private final Set<String> volatileProfiles;
    private final boolean policiesReadVolatileFields;

    /** A catalog whose policies have no sources. */
    public Catalog(Map<String, Profile> profiles, Collection<Policy> policies) {
        this(profiles, policies, List.of(), List.of());
    }

    /**
     * @param policySources the documents of the policies
     * @param unmet the requirements of policies that these profiles do not meet
     */
    public Catalog(
            Map<String, Profile> profiles,
            Collection<Policy> policies,
            List<Source> policySources,
            Collection<UnmetRequirement> unmet) {
        this.profiles = Collections.unmodifiableMap(new TreeMap<>(profiles));
        this.policies = policies.stream().sorted(Policy.PRECEDENCE).toList();
        this.policySources = List.copyOf(policySources);
        this.index = new PolicyIndex(this.policies);
        this.unmet = unmet.stream().collect(Collectors.groupingBy(UnmetRequirement::policy));
        this.unmetIndex = new PolicyIndex(this.unmet.keySet());
        this.generation = DnsLabel.hash(Stream.concat(
                        this.profiles.values().stream().map(profile -> profile.name() + "@" + profile.revision()),
                        Stream.concat(
                                this.policies.stream().map(policy -> policy.name() + "@" + policy.generation()),
                                unmet.stream().map(UnmetRequirement::toString).sorted()))
                .collect(Collectors.joining(",")));
        this.volatileProfiles = this.profiles.values().stream()
                .filter(profile -> profile.expressions().anyMatch(Catalog::readsVolatileField))
                .map(Profile::name)
                .collect(Collectors.toUnmodifiableSet());
        this.policiesReadVolatileFields = Stream.concat(this.policies.stream(), this.unmet.keySet().stream())
                .anyMatch(policy -> policy.matchConditions().stream()
                                .anyMatch(condition -> readsVolatileField(condition.condition()))
                        || policy.grants().stream().anyMatch(grant -> volatileProfiles.contains(grant.profile())));
    }

    private static boolean readsVolatileField(Expression expression) {
        return expression.paths().stream()
                .anyMatch(path -> VOLATILE_FIELDS.stream().anyMatch(path::overlaps));
    }

    /** The profile with this name, or an instance of a profile. */
    public Optional<Profile> profile(String name) {
        Profile known = profiles.get(name);
        return known != null
                ? Optional.of(known)
                : InstanceName.of(name).filter(InstanceName::isValid).flatMap(each -> Optional.ofNullable(
                                profiles.get(each.profile()))
                        .map(profile -> profile.instance(each.instance())));
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
     * Whether one of these profiles, or a policy, reads a field that differs between Pods of one template: the times of their managed fields,
     * or the generated names of their token volumes.
     *
     * @param profiles names of profiles or instances
     */
    public boolean readsVolatileFields(Stream<String> profiles) {
        return policiesReadVolatileFields
                || profiles.map(InstanceName::profileOf).anyMatch(volatileProfiles::contains);
    }

    /** The documents of the policies that were read from files. */
    public List<Source> policySources() {
        return policySources;
    }

    /** A hash that changes with each change of a profile or a policy. */
    public String generation() {
        return generation;
    }
}
