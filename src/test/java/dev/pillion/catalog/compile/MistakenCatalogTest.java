package dev.pillion.catalog.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.compile.Sources.CompiledFile;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.Seeds;
import dev.pillion.yaml.YamlReader;
import dev.pillion.yaml.YamlWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A valid file with any single mistake is rejected, and the message names the place of the mistake. */
class MistakenCatalogTest {

    private static final int CATALOGS = 1_000;
    private static final String FILE = "mistaken.yaml";

    /** An editor finds these mistakes too. */
    private static final Set<String> STRUCTURAL =
            Set.of("a missing field", "a misspelt field", "a wrong type", "an unknown word", "a name in capitals");

    @Test
    @Timeout(120)
    void isRejectedWithTheFileTheLineAndTheField() throws Exception {
        Catalog others = CatalogReader.read(Path.of("examples/platform"));
        List<Map<String, List<Mistake>>> files = files();
        Set<String> foundKinds = new TreeSet<>();

        Seeds.each(CATALOGS, random -> {
            Map<String, List<Mistake>> kinds = any(files, random);
            Mistake mistake = any(kinds.get(any(List.copyOf(kinds.keySet()), random)), random);
            foundKinds.add(mistake.kind());
            check(mistake, others);
        });

        assertThat(foundKinds).hasSize(Long.getLong("seed") == null ? 13 : 1);
    }

    private static void check(Mistake mistake, Catalog others) {
        String text = YamlWriter.yaml(mistake.tree());
        List<Problem> problems = problems(text, others);
        String what = mistake.kind() + " at " + mistake.path() + " in\n" + text;
        assertThat(problems).as(what).isNotEmpty();
        assertThat(problems).as(what).anySatisfy(problem -> {
            assertThat(problem.file()).isEqualTo(FILE);
            assertThat(problem.path()).matches(path -> leadsTo(path, mistake));
            assertThat(problem.message()).isNotBlank().contains(mistake.hint());
            assertThat(text.lines().toList().get(problem.line() - 1)).contains(keyOn(mistake));
        });
        if (STRUCTURAL.contains(mistake.kind())) {
            assertThat(CatalogSchemaTest.errors(mistake.tree()))
                    .as("of an editor: " + what)
                    .isNotEmpty();
        }
    }

    /** Of a map that is missing as a whole a field of it will do, and of a list of the wrong things the first of these. */
    private static boolean leadsTo(String path, Mistake mistake) {
        return path.equals(mistake.path())
                || (mistake.kind().equals("a missing field") && path.startsWith(mistake.path() + "."))
                || (mistake.kind().equals("a wrong type") && path.equals(mistake.path() + "[0]"));
    }

    /** The text in the line of the mistake, or of the map without the field: its key, or the hyphen of a list element. */
    private static String keyOn(Mistake mistake) {
        String path = mistake.path();
        if (mistake.kind().equals("a missing field")) {
            int dot = path.lastIndexOf('.');
            if (dot < 0) {
                return ":";
            }
            path = path.substring(0, dot);
        }
        return path.endsWith("]") ? "- " : path.substring(path.lastIndexOf('.') + 1);
    }

    private static List<Problem> problems(String text, Catalog others) {
        Sources sources = new Sources(others);
        sources.add(CompiledFile.of(FILE, text));
        try {
            sources.catalog();
            return List.of();
        } catch (InvalidCatalogException e) {
            return e.problems();
        }
    }

    /** For each file its mistakes, by their kind. */
    private static List<Map<String, List<Mistake>>> files() throws Exception {
        List<Map<String, List<Mistake>>> files = new ArrayList<>();
        for (Path file : CatalogSchemaTest.validFiles()
                .filter(file -> !file.startsWith("src/test"))
                .toList()) {
            for (Document document : YamlReader.read(Files.readString(file))) {
                files.add(byKind(document.tree()));
            }
        }
        return files;
    }

    private static Map<String, List<Mistake>> byKind(JsonNode tree) {
        Map<String, List<Mistake>> kinds = new TreeMap<>();
        Mistakes.in(tree, CatalogSchemaTest.schemaOf(tree))
                .forEach(mistake -> kinds.computeIfAbsent(mistake.kind(), kind -> new ArrayList<>())
                        .add(mistake));
        return kinds;
    }

    private static <T> T any(List<T> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
