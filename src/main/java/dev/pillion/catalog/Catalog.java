package dev.pillion.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All profiles and policies, compiled. Immutable: a new one replaces it as a whole. */
public final class Catalog {

    private final Map<String, Profile> profiles;
    private final List<Policy> policies;
    private final List<Source> policySources;
    private final PolicyIndex index;
    private final String generation;

    /** A catalog of these, whose policies were compiled from nothing that is kept. */
    public Catalog(Map<String, Profile> profiles, Collection<Policy> policies) {
        this(profiles, policies, List.of());
    }

    /** @param policySources what the policies were compiled from */
    Catalog(Map<String, Profile> profiles, Collection<Policy> policies, List<Source> policySources) {
        this.profiles = java.util.Collections.unmodifiableMap(new TreeMap<>(profiles));
        this.policies = policies.stream().sorted(Policy.PRECEDENCE).toList();
        this.policySources = List.copyOf(policySources);
        this.index = new PolicyIndex(this.policies);
        this.generation = DnsLabel.hash(Stream.concat(
                        this.profiles.values().stream().map(profile -> profile.name() + "@" + profile.generation()),
                        this.policies.stream().map(policy -> policy.name() + "@" + policy.generation()))
                .collect(Collectors.joining(",")));
    }

    public Optional<Profile> profile(String name) {
        return Optional.ofNullable(profiles.get(name));
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

    /** What those of the policies that were read from files were compiled from. */
    List<Source> policySources() {
        return policySources;
    }

    /** Changes whenever one of the profiles or policies does. */
    public String generation() {
        return generation;
    }
}
