package dev.pillion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each relative link in the documentation leads to a file and, where it names one, to a heading of it. */
class LinksTest {

    private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern LINK = Pattern.compile("\\]\\((?![a-z]+:)([^)#\\s]*)(#[^)\\s]+)?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\">");
    private static final List<String> DIRECTORIES = List.of("docs", "deploy", "certs", "e2e", "bench", "examples");

    static Stream<Path> pages() throws IOException {
        Stream.Builder<Path> pages = Stream.builder();
        try (Stream<Path> top = Files.list(Path.of(""))) {
            top.filter(LinksTest::isPage).forEach(pages);
        }
        for (String directory : DIRECTORIES) {
            try (Stream<Path> below = Files.walk(Path.of(directory))) {
                below.filter(LinksTest::isPage).filter(LinksTest::isSource).forEach(pages);
            }
        }
        return pages.build();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void areNotBroken(Path page) throws IOException {
        assertThat(LINK.matcher(prose(page)).results().filter(isBroken(page)).map(MatchResult::group))
                .as("broken links of %s", page)
                .isEmpty();
    }

    private static Predicate<MatchResult> isBroken(Path page) {
        return link -> {
            Path target = link.group(1).isEmpty()
                    ? page
                    : page.resolveSibling(link.group(1)).normalize();
            return !Files.exists(target)
                    || link.group(2) != null
                            && !anchors(target).contains(link.group(2).substring(1));
        };
    }

    private static Set<String> anchors(Path page) {
        String text = prose(page);
        Set<String> anchors = new HashSet<>();
        HEADING.matcher(text).results().map(heading -> anchor(heading.group(1))).forEach(anchors::add);
        ANCHOR.matcher(text).results().map(anchor -> anchor.group(1)).forEach(anchors::add);
        return anchors;
    }

    /** The anchor that GitHub derives from the text of a heading. */
    private static String anchor(String heading) {
        return heading.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\w\\- ]", "")
                .replace(' ', '-');
    }

    private static String prose(Path page) {
        try {
            return CODE.matcher(Files.readString(page)).replaceAll("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isPage(Path file) {
        return file.toString().endsWith(".md");
    }

    private static boolean isSource(Path file) {
        return !file.toString().contains("/target/") && !file.toString().contains("/build/");
    }
}
