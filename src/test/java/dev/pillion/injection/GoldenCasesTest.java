package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Workload;
import dev.pillion.yaml.YamlReader;
import dev.pillion.yaml.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cases as files: {@code pod.yaml}, in some cases {@code namespace.yaml}, and the expected result. {@code -Dupdate=true} writes the results.
 * Read them before you commit them.
 */
class GoldenCasesTest {

    private static final Path CASES = Path.of("src/test/resources/cases");
    private static final List<String> EXPECTATIONS = List.of("injected.yaml", "denied.yaml", "unchanged.yaml");

    private final Injector injector = new Injector(InjectionSettings.defaults());

    /** A result: the name and the content of its file. */
    private record Outcome(String file, JsonNode tree) {}

    @ParameterizedTest
    @MethodSource("cases")
    void hasTheExpectedResult(String name) throws Exception {
        Path directory = CASES.resolve(name);
        Outcome outcome = outcome(directory);
        if (Boolean.getBoolean("update")) {
            update(directory, outcome);
        }

        assertThat(present(directory)).as("the only expected result").containsExactly(outcome.file());
        assertThat(YamlWriter.yaml(outcome.tree())).isEqualTo(Files.readString(directory.resolve(outcome.file())));
    }

    @Test
    void everyUnrestrictedBuiltInProfileHasACase() throws Exception {
        Set<String> injected = new HashSet<>();
        for (String name : cases().toList()) {
            Workload workload =
                    Workload.of(read(CASES.resolve(name).resolve("pod.yaml"))).orElseThrow();
            if (injector.decide(workload.pod(), namespace(CASES.resolve(name), workload), CatalogReader.builtIn())
                    instanceof Injected(Plan plan, var patch)) {
                plan.profiles()
                        .forEach(planned -> injected.add(planned.profile().name()));
            }
        }

        assertThat(injected)
                .containsExactlyInAnyOrderElementsOf(CatalogReader.builtIn().profiles().stream()
                        .filter(profile -> profile.access() == Profile.Access.OPEN)
                        .map(Profile::name)
                        .toList());
    }

    private Outcome outcome(Path directory) throws Exception {
        JsonNode manifest = read(directory.resolve("pod.yaml"));
        Workload workload = Workload.of(manifest).orElseThrow();
        return switch (injector.decide(workload.pod(), namespace(directory, workload), CatalogReader.builtIn())) {
            case Injected(var _, var patch) ->
                new Outcome(
                        "injected.yaml",
                        Oracles.apply(patch.below(Pointer.of(workload.podPath().toArray(String[]::new))), manifest));
            case Unchanged(Reason reason, var _) -> new Outcome("unchanged.yaml", code(reason));
            case Denied(Reason reason, var _, var _, var _) ->
                new Outcome("denied.yaml", code(reason).put("message", reason.message()));
        };
    }

    private static ObjectNode code(Reason reason) {
        return JsonNodeFactory.instance.objectNode().put("code", reason.code().toString());
    }

    private static Namespace namespace(Path directory, Workload workload) throws Exception {
        Path file = directory.resolve("namespace.yaml");
        if (Files.exists(file)) {
            return Namespace.of(read(file));
        }
        return Namespace.named(workload.namespace().isEmpty() ? "default" : workload.namespace());
    }

    private static void update(Path directory, Outcome outcome) throws IOException {
        for (String file : EXPECTATIONS) {
            Files.deleteIfExists(directory.resolve(file));
        }
        Files.writeString(directory.resolve(outcome.file()), YamlWriter.yaml(outcome.tree()));
    }

    private static List<String> present(Path directory) {
        return EXPECTATIONS.stream()
                .filter(file -> Files.exists(directory.resolve(file)))
                .toList();
    }

    private static JsonNode read(Path file) throws Exception {
        return YamlReader.read(Files.readString(file)).getFirst().tree();
    }

    static Stream<String> cases() throws IOException {
        try (Stream<Path> directories = Files.list(CASES)) {
            List<String> names = directories
                    .filter(Files::isDirectory)
                    .map(directory -> directory.getFileName().toString())
                    .sorted()
                    .toList();
            return names.stream();
        }
    }
}
