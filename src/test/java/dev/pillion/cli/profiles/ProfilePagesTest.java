package dev.pillion.cli.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.catalog.Profile;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every built-in profile has a page with its parameters and additions. Run with {@code -Dupdate=true} to update the pages. */
class ProfilePagesTest {

    private static final Path PAGES = Path.of("docs/profiles");
    private static final Path INDEX = Path.of("docs/profiles.md");
    private static final String HEADING = "## Built in\n";

    @ParameterizedTest
    @MethodSource("names")
    void endWithTheParametersAndAdditionsOfTheProfile(String name) throws IOException {
        Path page = PAGES.resolve(name + ".md");
        String command = "```console\n$ ./pillion profiles show " + name + "\n";
        String shown = command + Run.of("profiles", "show", name).out() + "```\n";
        if (Boolean.getBoolean("update")) {
            String before = Files.exists(page) ? Files.readString(page) : "# " + name + "\n\n";
            int end = before.indexOf(command);
            Files.writeString(page, (end < 0 ? before : before.substring(0, end)) + shown);
        }

        assertThat(page).exists();
        assertThat(Files.readString(page)).startsWith("# " + name + "\n").endsWith("\n\n" + shown);
    }

    @Test
    void areAllListedInTheIndex() throws IOException {
        String index = Files.readString(INDEX);
        int start = index.indexOf(HEADING) + HEADING.length();
        int end = index.indexOf("\n## ", start);
        String table = "\n| profile | what it gives |\n|---|---|\n"
                + CatalogReader.builtIn().profiles().stream()
                        .map(ProfilePagesTest::row)
                        .collect(Collectors.joining());
        if (Boolean.getBoolean("update")) {
            Files.writeString(INDEX, index.substring(0, start) + table + index.substring(end));
        }

        assertThat(Files.readString(INDEX)).contains(HEADING + table + "\n## ");
    }

    @Test
    void areOnlyOfExistingProfiles() throws IOException {
        try (Stream<Path> pages = Files.list(PAGES)) {
            assertThat(pages.map(page -> page.getFileName().toString().replace(".md", "")))
                    .containsExactlyInAnyOrderElementsOf(names());
        }
    }

    private static String row(Profile profile) {
        return "| [`" + profile.name() + "`](profiles/" + profile.name() + ".md) | " + profile.description() + " |\n";
    }

    static Collection<String> names() {
        return CatalogReader.builtIn().names();
    }
}
