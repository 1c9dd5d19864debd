package dev.pillion.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alerts and the dashboard use metrics that Pillion exports, and the documentation explains each alert. */
class MonitoringTest {

    private static final Path DIRECTORY = Path.of("deploy/components/monitoring");
    private static final Pattern METRIC = Pattern.compile("\\bpillion_[a-z_]+");

    @ParameterizedTest
    @ValueSource(strings = {"alerts.yaml", "dashboard.json"})
    void everyMetricIsDocumented(String file) throws Exception {
        Set<String> documented = metrics(Files.readString(Path.of("docs/metrics.md")));

        Set<String> used = metrics(Files.readString(DIRECTORY.resolve(file)));

        assertThat(used).isNotEmpty();
        assertThat(documented).containsAll(used);
    }

    @Test
    void everyAlertHasASection() throws Exception {
        Set<String> sections = Pattern.compile("(?m)^#+ (.+)$")
                .matcher(Files.readString(Path.of("docs/operations.md")))
                .results()
                .map(heading -> "docs/operations.md#" + heading.group(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());

        List<JsonNode> alerts = alerts();

        assertThat(alerts).isNotEmpty();
        assertThat(alerts).allSatisfy(alert -> assertThat(sections)
                .as(alert.path("alert").asText())
                .contains(alert.at("/annotations/runbook").asText()));
    }

    private static List<JsonNode> alerts() throws Exception {
        JsonNode rule =
                new YAMLMapper().readTree(DIRECTORY.resolve("alerts.yaml").toFile());
        return StreamSupport.stream(rule.at("/spec/groups").spliterator(), false)
                .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false))
                .toList();
    }

    /** The names of the metrics, without the suffixes of histograms. */
    private static Set<String> metrics(String text) {
        return METRIC.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(name -> name.replaceFirst("_(bucket|sum|count)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
