package dev.pillion.catalog.compile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.compile.Sources.CompiledFile;
import dev.pillion.catalog.lint.Linter;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.catalog.resource.ResourceCatalog;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Compiles any text as a file of the catalog and as resources of a cluster. It compiles, or it has problems with their places, within a time
 * limit.
 */
public final class CatalogFuzz {

    /** Many times the duration for a catalog of some kilobytes, also with instrumentation on a busy machine. */
    private static final Duration MOST_TIME = Duration.ofSeconds(5);

    private CatalogFuzz() {}

    public static void test(byte[] input) throws Exception {
        String text = new String(input, UTF_8);
        long before = cpuTime();
        checkFile(text);
        checkResources(text);
        Duration taken = Duration.ofNanos(cpuTime() - before);

        assertThat(taken).as("CPU time to compile %d bytes", input.length).isLessThan(MOST_TIME);
    }

    private static void checkFile(String text) {
        Sources sources = new Sources(CatalogReader.builtIn());
        sources.add(CompiledFile.of("fuzz.yaml", text));
        try {
            sources.catalog();
        } catch (InvalidCatalogException e) {
            int lines = text.split("\\R", -1).length;
            assertThat(e.problems()).isNotEmpty().allSatisfy(problem -> {
                assertThat(problem.message()).isNotBlank();
                assertThat(problem.line()).isBetween(1, lines + 1);
            });
        }
    }

    private static void checkResources(String text) {
        List<Document> documents;
        try {
            documents = YamlReader.read(text);
        } catch (YamlException e) {
            return;
        }
        List<CatalogResource> resources = documents.stream()
                .map(Document::tree)
                .flatMap(tree -> resource(tree).stream())
                .toList();
        ResourceCatalog catalog =
                ResourceCatalog.over(CatalogReader.builtIn()).with(CatalogReader.builtIn(), resources);
        assertThat(catalog.statuses().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        resources.stream().map(CatalogResource::id).distinct().toList());
        resources.stream()
                .flatMap(resource -> Linter.lint(resource, catalog.catalog(), Instant.EPOCH).stream())
                .forEach(lint -> assertThat(lint.message()).isNotBlank());
    }

    private static Optional<CatalogResource> resource(JsonNode tree) {
        if (!tree.at("/metadata/name").isTextual()) {
            return Optional.empty();
        }
        return Optional.of(CatalogResource.of(
                tree.path("kind").asText().equals(PolicyReader.KIND)
                        ? CatalogResource.Kind.POLICY
                        : CatalogResource.Kind.PROFILE,
                tree));
    }

    private static long cpuTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
