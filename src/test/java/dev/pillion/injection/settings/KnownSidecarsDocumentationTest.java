package dev.pillion.injection.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/sidecars.md} shows the built-in list of known sidecars. */
class KnownSidecarsDocumentationTest {

    private static final Path PAGE = Path.of("docs/sidecars.md");
    private static final String BEGIN = "<!-- known sidecars: written by KnownSidecarsDocumentationTest -->\n";

    /** Run with {@code -Dupdate=true} to write it. */
    @Test
    void theTableIsTheBuiltInList() throws Exception {
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf("<!-- end -->", from);
        if (Boolean.getBoolean("update")) {
            Files.writeString(PAGE, page.substring(0, from) + table() + page.substring(to));
            page = Files.readString(PAGE);
            to = page.indexOf("<!-- end -->", from);
        }

        assertThat(page.substring(from, to)).isEqualTo(table());
    }

    private static String table() {
        Set<String> entries = KnownSidecars.builtIn().entries();
        Map<String, Set<String>> images = new TreeMap<>();
        for (String entry : entries) {
            String[] parts = entry.split("=", 2);
            Set<String> known = images.computeIfAbsent(parts[0], name -> new TreeSet<>());
            if (parts.length == 2) {
                known.add("`" + parts[1] + "`");
            }
        }
        return images.entrySet().stream()
                .map(entry -> "| `" + entry.getKey() + "` | " + (entries.contains(entry.getKey()) ? "yes" : "no")
                        + " | " + String.join("<br>", entry.getValue()) + " |\n")
                .collect(Collectors.joining(
                        "", "| name | identified by the name alone | images |\n|---|---|---|\n", ""));
    }
}
