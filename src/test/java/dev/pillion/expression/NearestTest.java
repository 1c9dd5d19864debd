package dev.pillion.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
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
    void suggestsASimilarName(String mistyped, String meant) {
        assertThat(Nearest.to(mistyped, PROFILES)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "backup", "git-sync", "a-name-like-no-other"})
    void suggestsNothingWithoutASimilarName(String name) {
        assertThat(Nearest.to(name, PROFILES)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "int, list",
        "int, string",
        "str, port",
        "x, y",
        "-x, -f",
        "pod, app",
        "tcp, udp",
        "a.yaml, b.yaml",
        "one.yaml, two.yaml",
        "pillion.dev/foo, pillion.dev/inject",
        "path, port",
        "map, image",
        "text, list",
        "backup, proxy",
    })
    void doesNotSuggestADifferentShortName(String name, String known) {
        assertThat(Nearest.to(name, List.of(known))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "emptydir, emptyDir",
        "image_pull_policy, imagePullPolicy",
        "pillion.dev/injcet, pillion.dev/inject",
        "pillion.dev/wait_for, pillion.dev/wait-for",
        "depoly.yaml, deploy.yaml",
        "readinesProbe, readinessProbe",
        "startupprobes, startupProbe",
    })
    void comparesThePartInWhichNamesDiffer(String name, String known) {
        assertThat(Nearest.to(name, List.of("other", known))).contains(known);
    }

    @Test
    void prefersASynonymThatIsKnown() {
        Map<String, String> synonyms = Map.of("int", "integer", "env", "app.env");

        assertThat(Nearest.to("Int", List.of("integer", "ints"), synonyms)).contains("integer");
        assertThat(Nearest.to("int", List.of("ints"), synonyms)).contains("ints");
        assertThat(Nearest.to("env", List.of("app", "pod"), synonyms)).contains("app.env");
    }

    @Test
    void prefersTheNearestAndOfEquallyNearOnesTheFirstByName() {
        assertThat(Nearest.to("path", List.of("paths", "pat", "paaaath"))).contains("pat");
        assertThat(Nearest.to("pathss", List.of("path", "paths"))).contains("paths");
    }

    @Test
    void ignoresNamesThatAreTooLong() {
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
    void suggestsTheNearestOrListsAllKnownNames() {
        assertThat(Nearest.hint("loging", PROFILES)).isEqualTo("; did you mean 'logging'?");
        assertThat(Nearest.hint("backup", List.of("proxy", "logging"))).isEqualTo("; known: logging, proxy");
        assertThat(Nearest.hint("backup", List.of())).isEmpty();
    }
}
