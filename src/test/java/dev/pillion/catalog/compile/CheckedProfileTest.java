package dev.pillion.catalog.compile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pillion.expression.CheckedExpressions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The form in which the build stores the built-in profiles equals a fresh compile of the YAML files. */
class CheckedProfileTest {

    private static List<String> names() {
        return BuiltInProfiles.NAMES;
    }

    @ParameterizedTest
    @MethodSource("names")
    void equalsAFreshCompileInTheBuild(String name) throws Exception {
        Optional<CheckedProfile> stored = CheckedProfile.stored(name);
        assumeThat(stored).as("what Maven stored").isPresent();

        assertThat(new String(stored.get().json(), UTF_8))
                .isEqualTo(new String(CheckedProfile.check(name).json(), UTF_8));
    }

    @ParameterizedTest
    @MethodSource("names")
    void equalsAFreshCompileAfterItWasWrittenAndRead(String name) throws Exception {
        CheckedProfile fresh = CheckedProfile.check(name);

        CheckedProfile read = CheckedProfile.read(name, fresh.json());

        assertThat(read.document().tree()).isEqualTo(fresh.document().tree());
        assertThat(read.expressions()).containsOnlyKeys(fresh.expressions().keySet());
        read.expressions().forEach((key, expression) -> assertThat(expression)
                .as(key)
                .isEqualTo(fresh.expressions().get(key)));
    }

    @ParameterizedTest
    @MethodSource("names")
    void hasAllExpressions(String name) {
        CheckedProfile profile = CheckedProfile.check(name);
        List<String> missing = new ArrayList<>();

        profile.compile(new CheckedExpressions() {
            @Override
            public Optional<byte[]> find(String key) {
                return profile.find(key);
            }

            @Override
            public void checked(String key, Supplier<byte[]> expression) {
                missing.add(key);
            }
        });

        assertThat(missing).isEmpty();
    }

    @Test
    void existsForEachFile() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/profiles"))) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(BuiltInProfiles.NAMES);
        }
    }
}
