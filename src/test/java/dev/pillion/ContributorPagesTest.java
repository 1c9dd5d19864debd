package dev.pillion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The pages for contributors name only classes, members and files that exist. */
class ContributorPagesTest {

    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

    /** {@code ClassName}, or {@code ClassName.MEMBER}. */
    private static final Pattern CLASS = Pattern.compile("([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?");

    private static final Pattern FILE =
            Pattern.compile("[\\w.-]+(?:/[\\w.-]+)+|\\w[\\w.-]*\\.(?:md|yaml|yml|json|xml|properties)");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\b(NAME|CASE|TARGET)\\b");
    private static final Pattern TESTS = Pattern.compile("-Dtest='?([\\w,]+)");

    @TestFactory
    Stream<DynamicTest> nameOnlyWhatExists() {
        return Stream.of("CONTRIBUTING.md", "ARCHITECTURE.md")
                .map(Path::of)
                .filter(Files::exists)
                .flatMap(page ->
                        names(text(page)).map(name -> DynamicTest.dynamicTest(page + ": " + name, () -> exists(name))));
    }

    private static Stream<String> names(String page) {
        Stream<String> tests = TESTS.matcher(page)
                .results()
                .flatMap(match -> Stream.of(match.group(1).split(",")));
        Stream<String> code =
                CODE.matcher(FENCE.matcher(page).replaceAll("")).results().map(match -> match.group(1));
        return Stream.concat(tests, code)
                .filter(name ->
                        CLASS.matcher(name).matches() || FILE.matcher(name).matches())
                .filter(name -> !PLACEHOLDER.matcher(name).find() && !name.startsWith("target/"))
                .distinct();
    }

    private static void exists(String name) {
        if (CLASS.matcher(name).matches()) {
            String[] parts = name.split("\\.");
            assertThat(sources(parts[0]))
                    .as("the sources of class %s", parts[0])
                    .anyMatch(source -> parts.length == 1 || source.contains(parts[1]));
        } else {
            assertThat(Path.of(name)).exists();
        }
    }

    private static List<String> sources(String type) {
        return Stream.of("src/main/java", "src/test/java", "e2e/src/test/java", "bench/src")
                .flatMap(directory -> below(Path.of(directory)))
                .filter(file -> file.endsWith(Path.of(type + ".java")))
                .map(ContributorPagesTest::text)
                .toList();
    }

    private static Stream<Path> below(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
