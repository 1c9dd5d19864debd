package dev.pillion.catalog.compile;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.LazyProfiles;
import dev.pillion.catalog.Profile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The profiles in the jar. */
final class BuiltInProfiles {

    static final List<String> NAMES = List.of(
            "backup",
            "config-reload",
            "env",
            "file-sync",
            "git-sync",
            "log-shipper",
            "logging",
            "metrics",
            "migrate",
            "permissions",
            "prefetch",
            "proxy",
            "wait-for");

    static final Catalog CATALOG = catalog();

    private BuiltInProfiles() {}

    private static Catalog catalog() {
        Map<String, Supplier<Profile>> compilers = new HashMap<>();
        NAMES.forEach(name -> compilers.put(name, () -> compile(name)));
        return new Catalog(LazyProfiles.of(compilers), List.of());
    }

    private static Profile compile(String name) {
        CheckedProfile profile = CheckedProfile.stored(name).orElseGet(() -> CheckedProfile.check(name));
        return profile.compile(profile);
    }
}
