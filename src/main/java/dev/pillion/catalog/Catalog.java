package dev.pillion.catalog;

import dev.pillion.expression.Expression;
import dev.pillion.pod.DnsLabel;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All profiles and policies, compiled. Immutable: a new one replaces it as a whole. */
public final class Catalog {

    /** What of a Pod holds names that are made by chance, or times. */
    private static final Pattern VARYING = Pattern.compile("pod(\\.metadata(\\.managedFields.*)?)?"
            + "|pod\\.spec(\\.(volumes|containers|initContainers|ephemeralContainers).*)?"
            + "|app(\\.volumeMounts.*)?");

    private final Map<String, Profile> profiles;
    private final List<Policy> policies;
    private final List<Source> policySources;
    private final PolicyIndex index;
    private final Map<Policy, List<UnmetRequirement>> unmet;
    private final PolicyIndex unmetIndex;
    private final String generation;
    private final Set<String> readingWhatVaries;
    private final boolean policiesReadWhatVaries;

    /** A catalog of these, whose policies were compiled from nothing that is kept. */
    public Catalog(Map<String, Profile> profiles, Collection<Policy> policies) {
        this(profiles, policies, List.of(), List.of());
    }

    /**
     * @param policySources what the policies were compiled from
     * @param unmet what policies enforce and these profiles do not provide
     */
    public Catalog(
            Map<String, Profile> profiles,
            Collection<Policy> policies,
            List<Source> policySources,
            Collection<UnmetRequirement> unmet) {
        this.profiles = java.util.Collections.unmodifiableMap(new TreeMap<>(profiles));
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
        this.readingWhatVaries = this.profiles.values().stream()
                .filter(profile -> profile.expressions().anyMatch(Catalog::readsWhatVaries))
                .map(Profile::name)
                .collect(Collectors.toUnmodifiableSet());
        this.policiesReadWhatVaries = Stream.concat(this.policies.stream(), this.unmet.keySet().stream())
                .anyMatch(policy -> policy.matchConditions().stream()
                                .anyMatch(condition -> readsWhatVaries(condition.condition()))
                        || policy.grants().stream().anyMatch(grant -> readingWhatVaries.contains(grant.profile())));
    }

    private static boolean readsWhatVaries(Expression expression) {
        return expression.paths().stream()
                .anyMatch(path -> VARYING.matcher(path).matches());
    }

    /** The profile of a name, or the instance of one. */
    public Optional<Profile> profile(String name) {
        Profile known = profiles.get(name);
        return known != null
                ? Optional.of(known)
                : InstanceName.of(name).filter(InstanceName::isValid).flatMap(each -> Optional.ofNullable(
                                profiles.get(each.profile()))
                        .map(profile -> profile.instance(each.instance())));
    }

    /** By name. */
    public Collection<Profile> profiles() {
        return profiles.values();
    }

    public Collection<String> names() {
        return profiles.keySet();
    }

    /** In the order of their precedence. */
    public List<Policy> policies() {
        return policies;
    }

    /** Those whose selectors match these labels, in the order of their precedence; the cost does not grow with those that do not. */
    public List<Policy> policies(Map<String, String> namespace, Map<String, String> pod) {
        return index.matching(namespace, pod);
    }

    /** What policies enforce and this catalog cannot provide. */
    public List<UnmetRequirement> unmet() {
        return unmet.values().stream().flatMap(List::stream).toList();
    }

    /** That of policies whose selectors match these labels; the cost does not grow with the others. */
    public List<UnmetRequirement> unmet(Map<String, String> namespace, Map<String, String> pod) {
        return unmet.isEmpty()
                ? List.of()
                : unmetIndex.matching(namespace, pod).stream()
                        .flatMap(policy -> unmet.getOrDefault(policy, List.of()).stream())
                        .toList();
    }

    /**
     * Whether one of these profiles, or a policy, can tell Pods apart that were made of the same template: by when their fields were written,
     * or by the names that the API server gives their token volumes.
     *
     * @param profiles their names, which may be those of instances
     */
    public boolean tellsReplicasApart(Stream<String> profiles) {
        return policiesReadWhatVaries || profiles.map(InstanceName::profileOf).anyMatch(readingWhatVaries::contains);
    }

    /** What those of the policies that were read from files were compiled from. */
    public List<Source> policySources() {
        return policySources;
    }

    /** Changes whenever one of the profiles or policies does. */
    public String generation() {
        return generation;
    }
}
