package dev.pillion.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.Run;
import dev.pillion.cluster.StubApiServer;
import dev.pillion.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The output in docs/plan.md is what Pillion prints for the cluster in {@code src/test/resources/plan}. */
class PlanDocumentationTest {

    private static final Path PAGE = Path.of("docs/plan.md");

    private static final Path EXAMPLE = Path.of("src/test/resources/plan");

    private static final Pattern CONSOLE =
            Pattern.compile("(````?)console\\n\\$ \\./pillion plan platform(.*)\\n((?:.*\\n)*?)\\1\\n");

    @TempDir
    private Path directory;

    /** Run with {@code -Dupdate=true} to write the output into the page. */
    @TestFactory
    Stream<DynamicTest> aConsoleBlockShowsTheOutputOfItsCommand() throws Exception {
        return CONSOLE.matcher(Files.readString(PAGE))
                .results()
                .map(block -> DynamicTest.dynamicTest("plan platform" + block.group(2), () -> shows(block)));
    }

    private void shows(MatchResult block) throws Exception {
        String[] options = block.group(2).strip().split(" ");
        try (StubApiServer server = new StubApiServer()) {
            server.on("/version", "{\"gitVersion\": \"v1.36.0\"}");
            JsonNode lists = YamlReader.read(Files.readString(EXAMPLE.resolve("cluster.yaml")))
                    .getFirst()
                    .tree();
            lists.properties()
                    .forEach(list -> server.on(list.getKey() + "?limit=500", "{\"items\": " + list.getValue() + "}"));
            Run run = Run.of(Stream.concat(
                            Stream.of(
                                    "plan",
                                    EXAMPLE.resolve("platform").toString(),
                                    "--kubeconfig",
                                    server.kubeconfig(directory).toString()),
                            Stream.of(options).filter(option -> !option.isEmpty()))
                    .toArray(String[]::new));
            assertThat(run.err()).isEmpty();
            if (Boolean.getBoolean("update")) {
                String page = Files.readString(PAGE);
                Files.writeString(
                        PAGE, page.replace(block.group(), block.group().replace(block.group(3), run.out())));
            } else {
                assertThat(block.group(3)).isEqualTo(run.out());
            }
        }
    }
}
