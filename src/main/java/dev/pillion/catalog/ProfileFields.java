package dev.pillion.catalog;

import dev.pillion.expression.FieldPath;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fields of a Pod that profiles read, in any generation. They are collected when they are needed for the first time. */
final class ProfileFields {

    private final LazyProfiles profiles;
    private final EarlierGenerations earlier;
    private final Map<String, Set<FieldPath>> known = new ConcurrentHashMap<>();

    ProfileFields(LazyProfiles profiles, EarlierGenerations earlier) {
        this.profiles = profiles;
        this.earlier = earlier;
    }

    /** @param profile a name; there are no fields if there is no such profile */
    Stream<FieldPath> readBy(String profile) {
        return profiles.containsKey(profile) ? known.computeIfAbsent(profile, this::collect).stream() : Stream.empty();
    }

    private Set<FieldPath> collect(String profile) {
        return Stream.concat(Objects.requireNonNull(profiles.get(profile)).fieldsRead(), earlier.fieldsRead(profile))
                .collect(Collectors.toUnmodifiableSet());
    }
}
