package dev.pillion.catalog.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.compile.Sources.CompiledFile;
import dev.pillion.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A resource that would need all memory or minutes to compile is a problem of a field, in files and in custom resources. */
public class HostileResourcesTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    /** Specs with their expected problems. */
    public static Stream<Arguments> specs() {
        return Stream.of(
                pattern(
                        "((a{1000}){1000}){1000}",
                        "its repetitions expand to more than 2000 instructions: ((a{1000}){1000}){1000}"),
                pattern(
                        "(((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9})",
                        "its repetitions expand to more than 2000 instructions"),
                pattern("(".repeat(400) + "a" + ")".repeat(400), "groups are nested more than 50 deep"),
                pattern("a".repeat(100_000), "pattern of more than 1000 characters"),
                guard(
                        "\"'x'.matches('((a{1000}){1000}){1000}')\"",
                        "the pattern of matches is not a valid RE2 expression: its repetitions expand to more than 2000 instructions"),
                guard(
                        "\"'x'.matches(pod.metadata.name)\"",
                        "the pattern of matches must be a literal, such as matches('a+')"),
                guard("'" + "(".repeat(1_500) + "true" + ")".repeat(1_500) + "'", "recursion limit exceeded"),
                guard("'1" + "+1".repeat(2_000) + " == 2'", "recursion limit exceeded"),
                guard("'true" + " && true".repeat(2_000) + "'", "code point"),
                profile(
                        "volumes: [{name: a, x: " + "[".repeat(60) + "]".repeat(60) + "}]",
                        "spec.volumes[0].x",
                        "is nested more than 50 deep, which is the limit"),
                profile(
                        "x: [" + "1,".repeat(21_000) + "]",
                        "",
                        "the resource has more than 20000 fields and elements, which is the limit"),
                profile(
                        "pod: {labels: {'" + "k".repeat(1_010) + "': x}}",
                        "spec.pod.labels",
                        "has a field whose name has 1010 characters; at most 1000 are allowed"),
                profile(
                        "pod: {labels: {" + numbered("l%d: \"${pod.metadata.name + '%1$d'}\"", 501) + "}}",
                        "spec.pod.labels",
                        "the resource has more than 500 expressions, which is the limit"),
                profile(
                        "pod: {labels: {" + numbered("l%d: \"${'%1$d" + "x".repeat(3_000) + "'}\"", 30) + "}}",
                        "spec.pod.labels",
                        "the expressions of the resource have more than 16384 characters, which is the limit"),
                profile(
                        "pod: {labels: {a: '" + "x".repeat(1_100_000) + "'}}",
                        "spec.pod.labels.a",
                        "the texts of the resource have more than 1048576 characters, which is the limit"),
                profile(
                        "parameters: [{name: a, type: integer, minimum: 1e999}]",
                        "spec.parameters[0].minimum",
                        "must be an integer, is \"1e999\""),
                profile(
                        "parameters: [{name: a, type: integer, maximum: 99999999999999999999999}]",
                        "spec.parameters[0].maximum",
                        "must be an integer, is 99999999999999999999999"),
                profile(
                        "parameters: [{name: a, type: duration, default: " + "9".repeat(900) + "h}]",
                        "spec.parameters[0].default",
                        "must be a duration of at most 2562047h47m"),
                profile(
                        "parameters: [{name: a, type: duration, default: '" + "9h".repeat(100_000) + "'}]",
                        "spec.parameters[0].default",
                        "must be a duration such as 30s, 5m or 1h30m, is '9h9h"),
                profile(
                        "parameters: [{name: a, type: list, default: [" + numbered("x%d", 1_001) + "]}]",
                        "spec.parameters[0].default",
                        "has 1001 elements; at most 1000 are allowed"));
    }

    private static Arguments pattern(String pattern, String message) {
        return profile(
                "parameters: [{name: a, type: string, pattern: '" + pattern + "'}]",
                "spec.parameters[0].pattern",
                message);
    }

    /** @param expression as YAML has it, in quotes */
    private static Arguments guard(String expression, String message) {
        return profile(
                "skipWhen: [{name: a, message: b, expression: " + expression + "}]",
                "spec.skipWhen[0].expression",
                message);
    }

    private static Arguments profile(String spec, String path, String message) {
        return Arguments.of("description: Hostile.\n" + spec, path, message);
    }

    private static String numbered(String format, int count) {
        return IntStream.range(0, count).mapToObj(format::formatted).collect(Collectors.joining(", "));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void areProblemsInAFile(String spec, String path, String message) {
        List<Problem> problems = assertTimeoutPreemptively(SOON, () -> problems(spec));

        assertThat(problems).anySatisfy(problem -> {
            assertThat(problem.path()).startsWith(path);
            assertThat(problem.message()).contains(message);
        });
        assertThat(problems).hasSizeLessThanOrEqualTo(51).allSatisfy(problem -> assertThat(problem.message())
                .hasSizeLessThan(2_002));
    }

    private static List<Problem> problems(String spec) {
        Sources sources = new Sources(CatalogReader.builtIn());
        sources.add(CompiledFile.of(
                "hostile.yaml",
                "apiVersion: pillion.dev/v1alpha1\nkind: InjectionProfile\nmetadata: {name: hostile}\nspec:\n"
                        + spec.indent(2)));
        return problems(sources);
    }

    private static List<Problem> problems(Sources sources) {
        try {
            sources.catalog();
            return List.of();
        } catch (InvalidCatalogException e) {
            return e.problems();
        }
    }

    /** A search for the nearest name of each of 8,000 wrong names takes minutes. */
    @Test
    void theNearestNameIsSearchedOnlyIfTheProblemIsListed() {
        String guards = IntStream.range(0, 490)
                .mapToObj(index -> "{name: %s, expression: 'true', message: m}".formatted(name("g", index)))
                .collect(Collectors.joining(", "));
        Sources sources = new Sources(CatalogReader.builtIn());
        sources.add(CompiledFile.of(
                "guards.yaml",
                "apiVersion: pillion.dev/v1alpha1\nkind: InjectionProfile\nmetadata: {name: guarded}\n"
                        + "spec: {description: Hostile., skipWhen: [" + guards + "]}\n"));
        sources.add(CompiledFile.of(
                "policy.yaml",
                "apiVersion: pillion.dev/v1alpha1\nkind: InjectionPolicy\nmetadata: {name: hostile}\n"
                        + "spec: {mode: Enforce, match: {}, profiles: [{name: guarded, acceptedGuards: ["
                        + IntStream.range(0, 8_000)
                                .mapToObj(index -> name("h", index))
                                .collect(Collectors.joining(", "))
                        + "]}]}\n"));

        List<Problem> problems = assertTimeoutPreemptively(SOON, () -> problems(sources));

        assertThat(problems).hasSize(51);
        assertThat(problems.getFirst().message()).contains("profile 'guarded' has no guard 'hhh");
    }

    @Test
    void theNearestVolumeIsSearchedOnlyIfTheProblemIsListed() {
        String volumes = IntStream.range(0, 500)
                .mapToObj(index -> "{name: %s, emptyDir: {}}".formatted(name("v", index)))
                .collect(Collectors.joining(", "));
        String mounts = IntStream.range(0, 5_000)
                .mapToObj(index -> "{name: %s, mountPath: /m%d}".formatted(name("w", index), index))
                .collect(Collectors.joining(", "));

        List<Problem> problems = assertTimeoutPreemptively(
                SOON,
                () -> problems(
                        "description: Hostile.\nvolumes: [" + volumes + "]\napp: {volumeMounts: [" + mounts + "]}"));

        assertThat(problems).hasSize(51);
        assertThat(problems.getFirst().message()).startsWith("no volume of this profile is called 'www");
    }

    /** A name of 100 characters that differs from the others at its end. */
    private static String name(String letter, int index) {
        String end = "-" + index;
        return letter.repeat(100 - end.length()) + end;
    }

    @Test
    void ofManyProblemsSomeAreListed() {
        List<Problem> problems = problems("description: Hostile.\n"
                + IntStream.range(0, 5_000)
                        .mapToObj(index -> "f" + index + ": x\n")
                        .collect(Collectors.joining()));

        assertThat(problems).hasSize(51);
        assertThat(problems.getLast().message()).isEqualTo("has more problems, which are not listed");
    }

    @Test
    void aFileOfMoreNodesThanTheLimitIsAProblem(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("a.yaml"), "[" + "a,".repeat(60_000) + "]");

        assertThat(problems(directory))
                .extracting(Problem::toString)
                .containsExactly(
                        "a.yaml:1: is not YAML: there are more than 50000 maps, lists and values, which is the limit");
    }

    @Test
    void aFileOfMoreBytesThanTheLimitIsNotRead(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("a.yaml"), "#" + "x".repeat(2_000_000));

        assertThat(problems(directory))
                .extracting(Problem::toString)
                .containsExactly("a.yaml:1: has 2000001 bytes; at most 1048576 are allowed");
    }

    private static List<Problem> problems(Path directory) throws Exception {
        try {
            CatalogReader.read(directory);
            return List.of();
        } catch (InvalidCatalogException e) {
            return e.problems();
        }
    }

    /** The spec as a tree, for tests without files. */
    public static JsonNode tree(String spec) throws Exception {
        return YamlReader.read(spec).getFirst().tree();
    }
}
