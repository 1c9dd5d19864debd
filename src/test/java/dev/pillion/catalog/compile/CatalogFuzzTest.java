package dev.pillion.catalog.compile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.RandomTree;
import dev.pillion.yaml.Seeds;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import dev.pillion.yaml.YamlWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every file is read, or its problems are reported. No file breaks the reader. */
class CatalogFuzzTest {

    private static final List<String> TEXTS = texts();

    @Test
    @Timeout(60)
    void readsOrRejectsProfilesWithChangedBytes() {
        Seeds.each(1_300, random -> {
            byte[] bytes = any(TEXTS, random).getBytes(UTF_8);
            for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
                bytes = changed(bytes, random);
            }
            read(new String(bytes, UTF_8));
        });
    }

    @Test
    @Timeout(60)
    void readsOrRejectsProfilesWithChangedValues() {
        Seeds.each(200, random -> {
            JsonNode tree = Profiles.tree(any(TEXTS, random));
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                changeSomething(tree, random);
            }
            read(YamlWriter.yaml(tree));
        });
    }

    private static void read(String text) {
        List<Problem> problems = new ArrayList<>();
        try {
            for (Document document : YamlReader.read(text)) {
                int before = problems.size();
                boolean read =
                        ProfileReader.read("fuzz.yaml", document, problems).isPresent();
                assertThat(read).isEqualTo(problems.size() == before);
            }
        } catch (YamlException e) {
            assertThat(e.getMessage()).isNotBlank();
            assertThat(e.line()).isPositive();
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(e + " gets out of\n" + text, e);
        }
        assertThat(problems).allSatisfy(problem -> {
            assertThat(problem.message()).isNotBlank();
            assertThat(problem.line()).isBetween(1, 1 + text.split("\\R", -1).length);
        });
    }

    private static byte[] changed(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        int end = Math.min(bytes.length, at + 1 + random.nextInt(12));
        String marks = "\n \t:-[]{}#&*!|>'\"%@`,?~$\\<=./0aA";
        return switch (random.nextInt(5)) {
            case 0 -> spliced(bytes, at, end, new byte[0]);
            case 1 -> spliced(bytes, at, at, new byte[] {(byte) marks.charAt(random.nextInt(marks.length()))});
            case 2 -> spliced(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
            case 3 -> spliced(bytes, at, at, java.util.Arrays.copyOfRange(bytes, at, end));
            default ->
                spliced(
                        bytes,
                        at,
                        end,
                        any(
                                        List.of(
                                                "null",
                                                "${",
                                                "}",
                                                "!!int",
                                                "*a",
                                                "&a ",
                                                "<<",
                                                "[]",
                                                "{}",
                                                "99999999999",
                                                "${params.x}",
                                                "---\n",
                                                "\n\n",
                                                "  "),
                                        random)
                                .getBytes(UTF_8));
        };
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] middle) {
        byte[] result = new byte[bytes.length - (to - from) + middle.length];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(bytes, to, result, from + middle.length, bytes.length - to);
        return result;
    }

    private static void changeSomething(JsonNode tree, Random random) {
        List<Runnable> places = new ArrayList<>();
        collect(tree, random, places);
        if (!places.isEmpty()) {
            any(places, random).run();
        }
    }

    private static void collect(JsonNode tree, Random random, List<Runnable> places) {
        switch (tree) {
            case ObjectNode map ->
                map.properties().forEach(field -> {
                    places.add(() -> map.set(field.getKey(), RandomTree.value(random, 2)));
                    places.add(() -> map.remove(field.getKey()));
                    places.add(() -> map.set(RandomTree.text(random), field.getValue()));
                    collect(field.getValue(), random, places);
                });
            case ArrayNode list -> {
                for (int index = 0; index < list.size(); index++) {
                    int at = index;
                    places.add(() -> list.set(at, RandomTree.value(random, 2)));
                    places.add(() -> list.add(list.get(at)));
                    collect(list.get(index), random, places);
                }
            }
            default -> {}
        }
    }

    private static <T> T any(List<T> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static List<String> texts() {
        try (Stream<Path> valid = Files.list(Path.of("src/test/resources/catalog/valid"));
                Stream<Path> builtIn = Files.list(Path.of("src/main/resources/profiles"))) {
            List<String> texts = new ArrayList<>();
            for (Path file : Stream.concat(valid, builtIn).sorted().toList()) {
                texts.add(Files.readString(file));
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
