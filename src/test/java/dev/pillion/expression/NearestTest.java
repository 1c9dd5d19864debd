package dev.pillion.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearestTest {

    private static final List<String> PROFILES = List.of("env", "log-shipper", "logging", "proxy", "wait-for");

    @ParameterizedTest
    @CsvSource({
        "loging, logging",
        "loggign, logging",
        "Logging, logging",
        "poxy, proxy",
        "prxoy, proxy",
        "waitfor, wait-for",
        "logshipper, log-shipper",
        "evn, env",
    })
    void findsWhatWasMeant(String mistyped, String meant) {
        assertThat(Nearest.to(mistyped, PROFILES)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "backup", "git-sync", "a-name-like-no-other"})
    void findsNothingWhereNothingIsNear(String name) {
        assertThat(Nearest.to(name, PROFILES)).isEmpty();
    }

    @Test
    void prefersTheNearestAndOfEquallyNearOnesTheFirstByName() {
        assertThat(Nearest.to("path", List.of("paths", "pat", "paaaath"))).contains("pat");
        assertThat(Nearest.to("pathss", List.of("path", "paths"))).contains("paths");
    }

    @Test
    void wastesNoTimeOnANameThatIsFarTooLong() {
        assertThat(Nearest.to("x".repeat(50_000_000), List.of("y".repeat(1_000_000))))
                .isEmpty();
    }

    @Test
    void listsTheFirstTwentyOfManyKnownNames() {
        // given
        List<String> many = IntStream.range(100, 150)
                .mapToObj(number -> "profile-" + number)
                .toList();

        // then
        assertThat(Nearest.hint("backup", many))
                .startsWith("; known: profile-100, profile-101, ")
                .endsWith(", profile-119 and 30 more");
    }

    @Test
    void hintsAtTheNearestOrListsAllThatAreKnown() {
        assertThat(Nearest.hint("loging", PROFILES)).isEqualTo("; did you mean 'logging'?");
        assertThat(Nearest.hint("backup", List.of("proxy", "logging"))).isEqualTo("; known: logging, proxy");
        assertThat(Nearest.hint("backup", List.of())).isEmpty();
    }
}
