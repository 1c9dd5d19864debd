package dev.pillion.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.catalog.compile.CatalogReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LazyProfilesTest {

    private static final Profile ENV = CatalogReader.builtIn().profile("env").orElseThrow();
    private static final Profile LOGGING =
            CatalogReader.builtIn().profile("logging").orElseThrow();

    private final List<String> compiled = new ArrayList<>();
    private final LazyProfiles profiles = LazyProfiles.of(Map.of("logging", compiler(LOGGING), "env", compiler(ENV)));

    private Supplier<Profile> compiler(Profile profile) {
        return () -> {
            compiled.add(profile.name());
            return profile;
        };
    }

    @Test
    void compilesAProfileOnceWhenItIsRead() {
        assertThat(profiles.get("env")).isSameAs(ENV);
        assertThat(profiles.get("env")).isSameAs(ENV);

        assertThat(compiled).containsExactly("env");
    }

    @Test
    void findsNamesWithoutCompiling() {
        assertThat(profiles.keySet()).containsExactly("env", "logging");
        assertThat(profiles).hasSize(2).containsKey("logging").doesNotContainKey("loggin");
        assertThat(profiles.get("loggin")).isNull();
        assertThat(new Catalog(profiles, List.of()).names()).containsExactly("env", "logging");

        assertThat(compiled).isEmpty();
    }

    @Test
    void compilesAllInTheOrderOfTheirNames() {
        assertThat(new Catalog(profiles, List.of()).compiled().profiles()).containsExactly(ENV, LOGGING);

        assertThat(compiled).containsExactly("env", "logging");
    }

    @Test
    void doesNotCompileAProfileThatAnotherOneReplaces() {
        LazyProfiles replaced = profiles.with(Map.of("env", LOGGING));

        assertThat(replaced.values()).containsExactly(LOGGING, LOGGING);
        assertThat(compiled).containsExactly("logging");
    }

    @Test
    void sharesCompiledProfilesWithACatalogAboveIt() {
        profiles.with(Map.of()).get("env");
        profiles.get("env");

        assertThat(compiled).containsExactly("env");
    }
}
