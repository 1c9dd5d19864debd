package dev.pillion.cli.explain;

import static dev.pillion.cli.explain.IndentedText.INDENT;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.explain.LivePods.LivePod;
import dev.pillion.cli.live.LiveWorkload;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.Age;
import dev.pillion.cli.terminal.Colors.TextStyle;
import dev.pillion.cli.terminal.Printable;
import dev.pillion.injection.audit.AuditFinding;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints what the Pods of a live workload have, and how that differs from what they would have now. */
final class LivePodsText {

    /** Further names and Events are only counted. */
    private static final int MOST = 3;

    private final IndentedText text;
    private final Instant now;

    LivePodsText(StandardOptions standard, Instant now) {
        this.text = IndentedText.of(standard);
        this.now = now;
    }

    void print(LivePods live) {
        text.out().println();
        live.withoutTemplate()
                .ifPresent(title -> line(
                        title + " has no Pod template, so the decision above is for its newest Pod",
                        TextStyle.WARNING,
                        INDENT));
        live.excludedNamespace()
                .ifPresent(name -> line(
                        "the webhook configuration excludes namespace " + name
                                + ": the API server does not call Pillion for its Pods",
                        TextStyle.WARNING,
                        INDENT));
        if (live.pods().isEmpty()) {
            line("there is no Pod", TextStyle.PLAIN, INDENT);
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
                    (finding.kind() + " " + finding.profile()).strip() + ": " + finding.description(),
                    TextStyle.WARNING,
                    INDENT + INDENT);
        }
        common.changes().forEach(change -> line(change.toString(), TextStyle.WARNING, INDENT + INDENT));
        if (!common.compared()) {
            line(
                    "not compared: the Pod has ended, is being deleted, or Pillion never changes it",
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

    /** The texts are of the cluster, so they can contain control characters. */
    private void line(String content, TextStyle style, String indent) {
        text.line(Printable.oneLine(content), style, indent);
    }
}
