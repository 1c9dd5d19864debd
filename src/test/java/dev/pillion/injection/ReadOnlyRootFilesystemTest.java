package dev.pillion.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.comply.DefaultedPodsTest;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import dev.pillion.pod.Workload;
import dev.pillion.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The companions of the built-in profiles write to volumes only. */
class ReadOnlyRootFilesystemTest {

    /** These companions run the image of the app. */
    private static final String MIGRATE = "migrate";

    @ParameterizedTest
    @MethodSource("dev.pillion.injection.GoldenCasesTest#cases")
    void isSetForEachCompanionOfAGoldenCase(String name) throws Exception {
        Path directory = Path.of("src/test/resources/cases", name);
        Path injected = directory.resolve("injected.yaml");
        if (Files.exists(injected)) {
            check(pod(directory.resolve("pod.yaml")), pod(injected));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pillion.injection.comply.DefaultedPodsTest#cases")
    void isSetForEachEnforcedCompanion(DefaultedPodsTest.Case each) throws Exception {
        JsonNode pod = Trial.yaml(DefaultedPodsTest.POD);

        check(Pod.of(pod), Pod.of(each.trial(pod).injected().pod()));
    }

    private static void check(Pod before, Pod after) {
        Set<String> own = before.allContainers().map(Container::name).collect(Collectors.toSet());
        List<Container> companions = after.allContainers()
                .filter(container -> !own.contains(container.name()))
                .toList();
        JsonNode ofTheApp = before.containers().getFirst().tree().at("/securityContext/readOnlyRootFilesystem");

        for (Container companion : companions) {
            JsonNode readOnly = companion.tree().at("/securityContext/readOnlyRootFilesystem");
            if (companion.name().equals(MIGRATE)) {
                assertThat(readOnly).isEqualTo(ofTheApp);
            } else {
                assertThat(readOnly.asBoolean()).as(companion.name()).isTrue();
            }
        }
    }

    private static Pod pod(Path manifest) throws Exception {
        JsonNode tree = YamlReader.read(Files.readString(manifest)).getFirst().tree();
        return Workload.of(tree).orElseThrow().pod();
    }
}
