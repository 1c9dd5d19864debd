package dev.pillion.injection.reason;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/troubleshooting.md} explains each reason code once: what it means, and what to do. */
class ReasonCodeDocumentationTest {

    private static final Path PAGE = Path.of("docs/troubleshooting.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| (.+?) \\| (.+?) \\|$");

    @Test
    void everyCodeHasOneEntry() throws IOException {
        List<String> documented =
                ROW.matcher(section()).results().map(row -> row.group(1)).toList();

        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ReasonCode.values())
                        .map(ReasonCode::toString)
                        .toList());
    }

    private static String section() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("\n## Reason codes\n");
        assertThat(start).as("section 'Reason codes' of %s", PAGE).isPositive();
        int end = page.indexOf("\n## ", start + 1);
        return page.substring(start, end < 0 ? page.length() : end);
    }
}
