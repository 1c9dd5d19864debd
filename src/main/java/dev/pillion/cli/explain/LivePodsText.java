package dev.pillion.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.explain.LivePods.LivePod;
import dev.pillion.cli.live.LiveWorkload;
import dev.pillion.cli.option.Keywords;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.Age;
import dev.pillion.cli.terminal.Colors;
import dev.pillion.cli.terminal.Colors.TextStyle;
import dev.pillion.cli.terminal.Printable;
import dev.pillion.cli.terminal.Table;
import dev.pillion.cli.terminal.Table.Cell;
import dev.pillion.injection.audit.AuditFinding;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints what the Pods of a live workload have, and how that differs from what they would have now. */
final class LivePodsText {

    private static final String INDENT = "  ";
    private static final int WIDEST_VALUE = 44;

    /** Further names and Events are only counted. */
    private static final int MOST = 3;

    private final PrintWriter out;
    private final Colors colors;
    private final int width;
    private final Instant now;

    LivePodsText(StandardOptions standard, Instant now) {
        this.out = standard.out();
        this.colors = standard.colors();
        this.width = standard.width();
        this.now = now;
    }

    void print(LivePods live) {
        out.println();
        live.excludedNamespace()
                .ifPresent(name -> line(
                        "the webhook configuration excludes namespace " + name
                                + ": the API server does not call Pillion for its Pods",
                        TextStyle.WARNING,
                        INDENT));
        if (live.pods().isEmpty()) {
            out.println(INDENT + "there is no Pod");
        }
        live.groups().forEach(this::print);
        for (JsonNode event : live.denials().stream().limit(MOST).toList()) {
            line(
                    "denied"
                            + LiveWorkload.time(event)
                                    .map(time -> " " + age(time) + " ago")
                                    .orElse("") + ", reported for "
                            + event.path("involvedObject").path("kind").asText() + "/"
                            + event.path("involvedObject").path("name").asText() + ": "
                            + event.path("message").asText(),
                    TextStyle.BAD,
                    INDENT);
        }
    }

    private void print(LivePod common, List<LivePod> pods) {
        String names = pods.stream().limit(MOST).map(LivePod::name).collect(Collectors.joining(", "));
        String more = pods.size() > MOST ? " and " + (pods.size() - MOST) + " more" : "";
        Optional<Instant> oldest =
                pods.stream().flatMap(pod -> pod.created().stream()).min(Comparator.naturalOrder());
        line(
                (pods.size() == 1 ? "Pod " : pods.size() + " Pods ")
                        + names
                        + more
                        + oldest.map(created -> (pods.size() == 1 ? ", " : ", the oldest is ") + age(created) + " old")
                                .orElse("")
                        + (common.profiles().isEmpty()
                                ? ": without companions of Pillion"
                                : ": "
                                        + common.profiles().entrySet().stream()
                                                .map(profile ->
                                                        profile.getKey() + " (generation " + profile.getValue() + ")")
                                                .collect(Collectors.joining(", "))),
                TextStyle.PLAIN,
                INDENT);
        for (AuditFinding finding : common.findings()) {
            line(
                    (Keywords.of(finding.kind()) + " " + finding.profile()).strip() + ": " + finding.detail()
                            + (finding.differences().isEmpty()
                                    ? ""
                                    : "; differences: " + String.join("; ", finding.differences())),
                    TextStyle.WARNING,
                    INDENT + INDENT);
        }
        common.changes().forEach(change -> line(change.toString(), TextStyle.WARNING, INDENT + INDENT));
        if (!common.compared()) {
            line(
                    "not compared: the Pod has ended, is being deleted, or is not one that Pillion changes",
                    TextStyle.FAINT,
                    INDENT + INDENT);
        } else if (common.findings().isEmpty()
                && common.changes().isEmpty()
                && !common.profiles().isEmpty()) {
            line("up to date", TextStyle.GOOD, INDENT + INDENT);
        }
    }

    private String age(Instant time) {
        return Age.of(Duration.between(time, now));
    }

    private void line(String text, TextStyle style, String indent) {
        new Table(indent, width, WIDEST_VALUE)
                .row(new Cell(Printable.oneLine(text), style))
                .print(out, colors);
    }
}
