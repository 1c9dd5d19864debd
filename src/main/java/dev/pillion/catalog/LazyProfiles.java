package dev.pillion.catalog;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Profiles by name, sorted. A profile is compiled when it is read for the first time: a command needs two or three of the built-in profiles. */
public final class LazyProfiles extends AbstractMap<String, Profile> {

    private final SortedMap<String, Supplier<Profile>> profiles;

    private LazyProfiles(SortedMap<String, Supplier<Profile>> profiles) {
        this.profiles = profiles;
    }

    /** @param compilers compile the profile of their name; each is called once at most */
    public static LazyProfiles of(Map<String, Supplier<Profile>> compilers) {
        SortedMap<String, Supplier<Profile>> profiles = new TreeMap<>();
        compilers.forEach((name, compiler) -> profiles.put(name, new Once(compiler)));
        return new LazyProfiles(profiles);
    }

    /** The same profiles; those of another {@code LazyProfiles} are not compiled for this. */
    static LazyProfiles copyOf(Map<String, Profile> profiles) {
        return profiles instanceof LazyProfiles lazy ? lazy : new LazyProfiles(new TreeMap<>()).with(profiles);
    }

    /** These profiles, and others that replace those of the same name. */
    public LazyProfiles with(Map<String, Profile> others) {
        SortedMap<String, Supplier<Profile>> all = new TreeMap<>(profiles);
        others.forEach((name, profile) -> all.put(name, () -> profile));
        return new LazyProfiles(all);
    }

    @Override
    public @Nullable Profile get(@Nullable Object name) {
        Supplier<Profile> profile = name == null ? null : profiles.get(name);
        return profile == null ? null : profile.get();
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return name != null && profiles.containsKey(name);
    }

    /** Compiles nothing. */
    @Override
    public Set<String> keySet() {
        return Collections.unmodifiableSet(profiles.keySet());
    }

    @Override
    public Set<Map.Entry<String, Profile>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, Profile>> iterator() {
                return profiles.entrySet().stream()
                        .map(entry -> Map.entry(entry.getKey(), entry.getValue().get()))
                        .iterator();
            }

            @Override
            public int size() {
                return profiles.size();
            }
        };
    }

    private static final class Once implements Supplier<Profile> {

        private final Supplier<Profile> compiler;
        private volatile @Nullable Profile compiled;

        Once(Supplier<Profile> compiler) {
            this.compiler = compiler;
        }

        @Override
        public Profile get() {
            Profile known = compiled;
            return known == null ? compile() : known;
        }

        private synchronized Profile compile() {
            Profile known = compiled;
            if (known == null) {
                known = Objects.requireNonNull(compiler.get());
                compiled = known;
            }
            return known;
        }
    }
}
