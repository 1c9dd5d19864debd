package dev.pillion.catalog;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** All profiles, compiled. Immutable: a new one replaces it as a whole. */
public final class Catalog {

    private final Map<String, Profile> profiles;
    private final String generation;

    Catalog(Map<String, Profile> profiles) {
        this.profiles = java.util.Collections.unmodifiableMap(new TreeMap<>(profiles));
        this.generation = DnsLabel.hash(this.profiles.values().stream()
                .map(profile -> profile.name() + "@" + profile.generation())
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

    /** Changes whenever one of the profiles does. */
    public String generation() {
        return generation;
    }
}
