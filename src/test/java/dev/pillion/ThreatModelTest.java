package dev.pillion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The threat model in {@code docs/security.md} is complete, and each test that it names exists. */
class ThreatModelTest {

    private static final Path PAGE = Path.of("docs/security.md");

    /** Kubernetes SIG Security, "Kubernetes Admission Control Threat Model". */
    private static final int THREATS = 18;

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$");

    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)#(\\w+)`");

    private static final Pattern JUNIT = Pattern.compile("@(Test|ParameterizedTest|TestFactory|FuzzTest)\\b");

    private static final List<Path> SOURCES = List.of(Path.of("src/test/java"), Path.of("e2e/src/test/java"));

    @Test
    void everyThreatHasOneRowInOrder() throws IOException {
        assertThat(rows().map(row -> Integer.parseInt(row.group(1))))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, THREATS).boxed().toList());
    }

    @TestFactory
    Stream<DynamicTest> everyThreatNamesItsTestsOrTheReasonWhyItDoesNotApply() throws IOException {
        return rows().map(row -> DynamicTest.dynamicTest(row.group(1) + " " + row.group(2), () -> {
            List<MatchResult> tests = TEST.matcher(row.group(4)).results().toList();
            if (tests.isEmpty()) {
                assertThat(row.group(4)).startsWith("None: ").hasSizeGreaterThan(30);
            }
            assertThat(tests).allSatisfy(test -> assertThat(sources(test.group(1)))
                    .as("a test class %s with a test %s", test.group(1), test.group(2))
                    .anyMatch(source -> declares(source, test.group(2))));
        }));
    }

    private static Stream<MatchResult> rows() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("\n## Threat model\n");
        assertThat(start).as("section 'Threat model' of %s", PAGE).isPositive();
        int end = page.indexOf("\n## ", start + 1);
        return ROW.matcher(page.substring(start, end < 0 ? page.length() : end)).results();
    }

    /** The sources of all test classes with this name. */
    private static List<String> sources(String name) throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path directory : SOURCES) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file :
                        files.filter(file -> file.endsWith(name + ".java")).toList()) {
                    sources.add(Files.readString(file));
                }
            }
        }
        return sources;
    }

    /** Whether the source has a method with this name and an annotation of JUnit. */
    private static boolean declares(String source, String method) {
        Matcher declaration =
                Pattern.compile("\\n    [\\w<>]+ " + method + "\\(").matcher(source);
        if (!declaration.find()) {
            return false;
        }
        String before = source.substring(0, declaration.start());
        String own = before.substring(Math.max(before.lastIndexOf("\n    }\n"), 0));
        return JUNIT.matcher(own).find();
    }
}
