package dev.pillion.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.splice.TextSplicer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The time and the memory for reading YAML are proportional to its length. */
class YamlCostTest {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** The maximum factor for a text that is four times as long. Linear is 4, quadratic 16. */
    private static final double MOST = 10;

    private static final long SHORT = 30_000_000;

    /** A busy machine can delay one measurement. An algorithm that is not linear fails each time. */
    private static final int ATTEMPTS = 5;

    /** A repeated text, with the texts before and after it. */
    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("a: b # ", "x", ""),
                Arguments.of("#", "x", "\na: b"),
                Arguments.of("a: ", "x", ""),
                Arguments.of("a: ", "x ", ""),
                Arguments.of("a: \"", "x", "\""),
                Arguments.of("a: \"", " ", "\""),
                Arguments.of("a: \"", "\\n", "\""),
                Arguments.of("a: '", "''", "'"),
                Arguments.of("a: b", " ", "\nc: d"),
                Arguments.of("a: b", "\n", "c: d"),
                Arguments.of("a: b", "\n---\na: b", ""),
                Arguments.of("", "- a\n", ""),
                Arguments.of("[", "a,", "]"),
                Arguments.of("[", "\"a\",", "]"),
                Arguments.of("", "- &a b\n", ""),
                Arguments.of("- &a {b: c}\n", "- *a\n", ""),
                Arguments.of("- &a {b: c}\n", "- {<<: *a}\n", ""),
                Arguments.of("? ", "x", "\n: a"),
                Arguments.of("a: ", ".x", ""),
                Arguments.of("a: |", "\n  x", ""),
                Arguments.of("a: >\n", "  x\n\n", ""),
                Arguments.of("{\"a\": [", "{\"b\":\"\\/\"},", "1]}"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void isLinear(String before, String repeated, String after) throws Exception {
        int length = repeated.length();
        read(before, repeated, after, 20_000 / length);
        String measured = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long once = read(before, repeated, after, 150_000 / length);
            long fourTimes = read(before, repeated, after, 600_000 / length);
            if (fourTimes < (long) (Math.max(once, SHORT) * MOST)) {
                return;
            }
            measured += "%d ms, and for four times as much %d ms; ".formatted(once / 1_000_000, fourTimes / 1_000_000);
        }
        fail(before + repeated + after + ": " + measured);
    }

    private static long read(String before, String repeated, String after, int times) throws YamlException {
        String text = before + repeated.repeat(times) + after + "\n";
        long best = Long.MAX_VALUE;
        for (int time = 0; time < 2; time++) {
            long start = THREADS.getCurrentThreadCpuTime();
            YamlReader.read(text);
            best = Math.min(best, THREADS.getCurrentThreadCpuTime() - start);
        }
        return best;
    }

    @Test
    void aCommentOfTenMillionCharactersIsReadQuickly() throws Exception {
        long start = THREADS.getCurrentThreadCpuTime();

        assertThat(YamlReader.read("#" + "x".repeat(10_000_000) + "\na: b\n")).hasSize(1);

        assertThat(THREADS.getCurrentThreadCpuTime() - start).isLessThan(5_000_000_000L);
    }

    @Test
    void aLongNameIsNotRepeatedForEachFieldBelowIt() throws Exception {
        Document document = YamlReader.read("? " + "k".repeat(300_000) + "\n:\n" + "  - a\n".repeat(30_000) + "b: c\n")
                .getFirst();

        assertThat(document.tree()).hasSize(2);
        assertThat(document.lines().keySet().stream().mapToLong(String::length).sum())
                .isLessThan(300_000);
        assertThat(document.line("b")).isEqualTo(30_003);
    }

    @Test
    void aFieldWithALongPathHasTheLineOfItsMap() throws Exception {
        String text = "a:\n  " + "k".repeat(999) + ":\n    c: d\n";
        Document document = YamlReader.read(text).getFirst();

        assertThat(document.line("a." + "k".repeat(999) + ".c")).isEqualTo(1);
        assertThat(document.lines().keySet()).allMatch(path -> path.length() < 1_000);
    }

    @Test
    void manyLongPathsAreNotAllStored() throws Exception {
        StringBuilder text = new StringBuilder();
        String path = "k".repeat(900);
        text.append(path).append(":\n");
        for (int index = 0; index < 40_000; index++) {
            text.append("  f").append(index).append(": v\n");
        }

        Set<String> paths = YamlReader.read(text.toString()).getFirst().lines().keySet();

        assertThat(paths.stream().mapToLong(String::length).sum()).isBetween(16_000_000L, 17_000_000L);
    }

    @Test
    void aBillionLaughsAreAMistakeWithItsLine() {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int index = 1; index < 12; index++) {
            text.append("a%1$d: &a%1$d [".formatted(index))
                    .append("*a%d, ".formatted(index - 1).repeat(10))
                    .append("]\n");
        }

        assertThatThrownBy(() -> YamlReader.read(text.toString()))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining("more than 10")
                .hasMessageContaining("values after its anchors are resolved");
    }

    /** Merged maps are no values of the document, so they have their own limit. */
    @ParameterizedTest
    @MethodSource("mergeBombs")
    void aMergeThatGrowsTooLargeIsAMistakeWithItsLine(String text) {
        assertThatThrownBy(() -> YamlReader.read(text)).isInstanceOfSatisfying(YamlException.class, e -> {
            assertThat(e)
                    .hasMessage(
                            "the merge keys of the document copy more than " + (text.length() + 100_000) + " fields");
            assertThat(e.line()).isEqualTo(2);
        });
    }

    static Stream<String> mergeBombs() {
        StringBuilder lists = new StringBuilder("a: b\nc: {<<: [&l0 [{d: e}]");
        for (int index = 1; index < 12; index++) {
            lists.append(", &l%d [".formatted(index))
                    .append("*l%d, ".formatted(index - 1).repeat(10))
                    .append("]");
        }
        String fields =
                IntStream.range(0, 2_000).mapToObj(index -> "f" + index + ": g").collect(Collectors.joining(", "));
        return Stream.of(
                lists.append("]}\n").toString(),
                "a: &a {" + fields + "}\nb: {<<: [" + "{<<: *a}, ".repeat(2_000) + "]}\n");
    }

    @Test
    void aTagThatIsLongIsAMistakeWithItsLine() {
        String text = "%TAG !a! x" + "x".repeat(200) + "\n---\n- !a!b c\n";

        assertThatThrownBy(() -> YamlReader.read(text)).isInstanceOfSatisfying(YamlException.class, e -> {
            assertThat(e).hasMessage("a %TAG directive has more than 200 characters, which is the limit");
            assertThat(e.line()).isEqualTo(1);
        });
    }

    @Test
    void fieldsWhoseHashesCollideTakeLinearTime() throws Exception {
        read("", colliding(1_000), "", 1);
        long once = read("", colliding(6_000), "", 1);
        long fourTimes = read("", colliding(24_000), "", 1);

        assertThat(fourTimes)
                .as("%d ms, and for four times as much %d ms", once / 1_000_000, fourTimes / 1_000_000)
                .isLessThan((long) (Math.max(once, SHORT) * MOST));
    }

    /** {@code Aa} and {@code BB} have the same hash, and so have all names that consist of them. */
    private static String colliding(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> IntStream.range(0, 16)
                        .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
                        .collect(Collectors.joining("", "", ": 1\n")))
                .collect(Collectors.joining());
    }

    /** Each JSON document is a segment of its own. */
    @Test
    void changingOneOfManyJsonDocumentsIsLinear() throws Exception {
        splice(500);
        long once = splice(2_000);
        long fourTimes = splice(8_000);

        assertThat(fourTimes)
                .as("%d ms, and for four times as much %d ms", once / 1_000_000, fourTimes / 1_000_000)
                .isLessThan((long) (Math.max(once, SHORT) * MOST));
    }

    private static long splice(int count) throws YamlException {
        String text = "{\"a\":\"b\"}\n".repeat(count);
        List<Document> documents = YamlReader.read(text);
        JsonNode changed = YamlReader.read("{a: c}").getFirst().tree();
        long start = THREADS.getCurrentThreadCpuTime();
        TextSplicer.splice(text, documents, Map.of(count / 2, changed));
        return THREADS.getCurrentThreadCpuTime() - start;
    }

    @Test
    void aStreamOfMoreNodesThanTheLimitIsAMistakeWithItsLine() {
        assertThatThrownBy(() -> YamlReader.read("a: b\n---\nc: [d, e, f]\n", 7))
                .isInstanceOfSatisfying(YamlException.class, e -> {
                    assertThat(e).hasMessage("there are more than 7 maps, lists and values, which is the limit");
                    assertThat(e.line()).isEqualTo(3);
                });
    }

    @Test
    void aNumberOfManyDigitsIsAMistake() {
        assertThatThrownBy(() -> YamlReader.read("a: b\nc: !!int " + "1".repeat(400_000)))
                .isInstanceOfSatisfying(YamlException.class, e -> {
                    assertThat(e)
                            .hasMessage(
                                    "a number has 400000 characters; at most 1000 are allowed, or it must be in quotes");
                    assertThat(e.line()).isEqualTo(2);
                });
    }
}
