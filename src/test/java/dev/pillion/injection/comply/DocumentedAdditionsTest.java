package dev.pillion.injection.comply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.injection.compare.KubernetesAdditions;
import dev.pillion.injection.compare.KubernetesAdditions.Addition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/enforcement.md} shows the lists of allowed differences between an enforced companion and its profile. */
class DocumentedAdditionsTest {

    private static final Path PAGE = Path.of("docs/enforcement.md");

    static Stream<Arguments> tables() {
        return Stream.of(
                Arguments.of("additions of a container", additions(KubernetesAdditions.OF_CONTAINER)),
                Arguments.of("additions of a volume", additions(KubernetesAdditions.OF_VOLUME)),
                Arguments.of("fields of a Pod", podFields()));
    }

    /** Run with {@code -Dupdate=true} to write them. */
    @ParameterizedTest
    @MethodSource("tables")
    void theTableHasTheEntriesOfTheList(String name, String table) throws Exception {
        String begin = "<!-- " + name + ": written by DocumentedAdditionsTest -->\n";
        String page = Files.readString(PAGE);
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf("<!-- end -->", from);
        if (Boolean.getBoolean("update")) {
            Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to));
            page = Files.readString(PAGE);
            to = page.indexOf("<!-- end -->", from);
        }

        assertThat(page.substring(from, to)).isEqualTo(table);
    }

    private static String additions(List<Addition> additions) {
        return additions.stream()
                .map(addition -> "| `" + addition.path() + "` | "
                        + (addition.rule().isEmpty()
                                ? addition.values().stream()
                                        .map(value -> "`" + value + "`")
                                        .collect(Collectors.joining(" or "))
                                : addition.rule())
                        + " |\n")
                .collect(Collectors.joining(
                        "", "| field | accepted value, if the profile does not set it |\n|---|---|\n", ""));
    }

    private static String podFields() {
        return PodFields.ALL.stream()
                .map(field -> "| `" + field.name() + "` | " + (field.rule().isEmpty() ? "any value" : field.rule())
                        + " | " + field.why() + " |\n")
                .collect(Collectors.joining("", "| field | accepted value | reason |\n|---|---|---|\n", ""));
    }
}
