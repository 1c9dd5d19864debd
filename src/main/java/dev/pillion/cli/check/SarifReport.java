package dev.pillion.cli.check;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.LintRule;
import dev.pillion.cli.check.Finding.Level;
import dev.pillion.cli.option.Keywords;
import dev.pillion.cli.terminal.VersionProvider;
import dev.pillion.yaml.YamlWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A report as SARIF 2.1.0 (OASIS). Code hosts show it next to the lines of the findings. */
final class SarifReport {

    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    private static final Map<String, String> RULES = rules();

    private SarifReport() {}

    /** @param strict whether a finding of a lint rule is an error */
    static String of(CheckReport report, boolean strict) {
        ObjectNode log =
                JsonNodeFactory.instance.objectNode().put("$schema", SCHEMA).put("version", "2.1.0");
        ObjectNode run = log.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "Pillion").put("semanticVersion", VersionProvider.version());
        ArrayNode rules = driver.putArray("rules");
        RULES.forEach((id, reason) -> describe(rules.addObject(), id, reason, strict));
        ArrayNode results = run.putArray("results");
        Stream.of(report.problems(), report.lints(), report.failures())
                .flatMap(List::stream)
                .forEach(finding -> describe(results.addObject(), finding, strict));
        return YamlWriter.json(log);
    }

    private static void describe(ObjectNode rule, String id, String reason, boolean strict) {
        boolean lint = Stream.of(LintRule.values()).anyMatch(known -> known.id().equals(id));
        rule.put("id", id);
        rule.putObject("shortDescription").put("text", reason);
        rule.putObject("defaultConfiguration").put("level", level(lint ? Level.WARNING : Level.ERROR, strict));
    }

    private static void describe(ObjectNode result, Finding finding, boolean strict) {
        result.put("ruleId", finding.rule());
        result.put("ruleIndex", List.copyOf(RULES.keySet()).indexOf(finding.rule()));
        result.put("level", level(finding.level(), strict));
        result.putObject("message").put("text", finding.text());
        ObjectNode location = result.putArray("locations").addObject();
        ObjectNode physical = location.putObject("physicalLocation");
        physical.putObject("artifactLocation").put("uri", uri(finding.location().file()));
        finding.location().line().ifPresent(line -> physical.putObject("region").put("startLine", line));
        if (!finding.field().isEmpty()) {
            location.putArray("logicalLocations").addObject().put("fullyQualifiedName", finding.field());
        }
    }

    private static String level(Level level, boolean strict) {
        return Keywords.of(strict ? Level.ERROR : level);
    }

    /** Relative to the working directory, because code hosts expect paths relative to the root of the repository; absolute for other files. */
    private static String uri(String file) {
        URI here = Path.of("").toAbsolutePath().toUri();
        return here.relativize(Path.of(file).toAbsolutePath().normalize().toUri())
                .toASCIIString();
    }

    private static Map<String, String> rules() {
        Map<String, String> rules = new LinkedHashMap<>();
        rules.put(Finding.INVALID, "A profile or policy that does not compile is not used.");
        rules.put(Finding.UNUSABLE_CASE, "A case that cannot be read is not run.");
        rules.put(Finding.FAILED_CASE, "The result of a case is not as expected.");
        for (LintRule rule : LintRule.values()) {
            rules.put(rule.id(), rule.reason());
        }
        return rules;
    }
}
