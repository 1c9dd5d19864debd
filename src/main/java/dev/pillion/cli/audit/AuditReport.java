package dev.pillion.cli.audit;

import dev.pillion.cli.live.NotCompiled;
import dev.pillion.cli.terminal.Age;
import dev.pillion.cli.terminal.Colors;
import dev.pillion.cli.terminal.Colors.TextStyle;
import dev.pillion.cli.terminal.Printable;
import dev.pillion.cli.terminal.Table;
import dev.pillion.cli.terminal.Table.Cell;
import dev.pillion.injection.audit.Audit;
import dev.pillion.injection.audit.Audit.PodFinding;
import dev.pillion.injection.audit.AuditFinding;
import dev.pillion.injection.audit.AuditFinding.Kind;
import dev.pillion.injection.reason.RequestSource;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Prints the findings of an audit, one line for each workload and profile. */
final class AuditReport {

    private final Audit audit;
    private final List<NotCompiled> notCompiled;
    private final Instant now;

    AuditReport(Audit audit, List<NotCompiled> notCompiled, Instant now) {
        this.audit = audit;
        this.notCompiled = notCompiled;
        this.now = now;
    }

    /** The same finding for the Pods of one workload. */
    private record Row(String namespace, String workload, AuditFinding finding) {

        static final Comparator<Row> ORDER = Comparator.comparing(Row::namespace)
                .thenComparing(Row::workload)
                .thenComparing(row -> row.finding().kind())
                .thenComparing(row -> row.finding().profile())
                .thenComparing(row -> source(row.finding()))
                .thenComparing(row -> row.finding().detail())
                .thenComparing(row -> String.join(";", row.finding().differences()));

        static Row of(PodFinding finding) {
            return new Row(
                    finding.namespace(),
                    finding.owner().kind() + "/" + finding.owner().name(),
                    finding.finding());
        }
    }

    void print(PrintWriter out, Colors colors) {
        NotCompiled.print(notCompiled, out, colors);
        Map<Row, List<PodFinding>> rows = audit.findings().stream()
                .collect(Collectors.groupingBy(Row::of, () -> new TreeMap<>(Row.ORDER), Collectors.toList()));
        Table table = Table.ofLongLines();
        if (!rows.isEmpty()) {
            table.row(
                    title("NAMESPACE"),
                    title("WORKLOAD"),
                    title("PODS"),
                    title("OLDEST"),
                    title("PROFILE"),
                    title("REQUESTED BY"),
                    title("DETAIL"));
        }
        rows.forEach((row, findings) -> table.row(
                Cell.of(row.namespace()),
                new Cell(row.workload(), TextStyle.NAME),
                Cell.of(Integer.toString(findings.size())),
                Cell.of(age(findings)),
                profile(row.finding()),
                Cell.of(row.finding().requestedBy().isEmpty() ? "-" : source(row.finding())),
                new Cell(Printable.oneLine(row.finding().description()), TextStyle.FAINT)));
        table.print(out, colors);
        out.println(summary());
    }

    /** The source of the request; empty if no request is the cause. */
    static String source(AuditFinding finding) {
        return finding.requestedBy().map(RequestSource::toString).orElse("");
    }

    /** The age of the oldest of these Pods. */
    private String age(List<PodFinding> findings) {
        return findings.stream()
                .flatMap(finding -> finding.created().stream())
                .min(Comparator.naturalOrder())
                .map(created -> Age.of(Duration.between(created, now)))
                .orElse("-");
    }

    private static Cell title(String text) {
        return new Cell(text, TextStyle.TITLE);
    }

    private static Cell profile(AuditFinding finding) {
        return new Cell(
                (finding.profile() + " (" + finding.kind() + ")").strip(),
                finding.kind() == Kind.AUDITED ? TextStyle.WARNING : TextStyle.BAD);
    }

    private String summary() {
        long withFindings = audit.podsWithFindings();
        return audit.pods()
                + (audit.pods() == 1 ? " Pod: " : " Pods: ")
                + (withFindings == 0 ? "no findings" : withFindings + " with findings" + kinds())
                + (audit.podsWith(Kind.AUDITED) == 0 ? "" : "; policies in Audit mode would add companions")
                + (notCompiled.isEmpty()
                        ? ""
                        : "; " + notCompiled.size()
                                + (notCompiled.size() == 1
                                        ? " profile or policy does not compile"
                                        : " profiles and policies do not compile"));
    }

    private String kinds() {
        List<String> counts = new ArrayList<>();
        addCount(Kind.MISSING, "with missing companions", counts);
        addCount(Kind.OUTDATED, "with outdated companions", counts);
        addCount(Kind.UNMET, "with an enforced profile that cannot be provided", counts);
        addCount(Kind.DENIED, "would be denied", counts);
        addCount(Kind.AUDITED_DENIAL, "would be denied by policies in Audit mode", counts);
        return " (" + String.join(", ", counts) + ")";
    }

    private void addCount(Kind kind, String words, List<String> counts) {
        long pods = audit.podsWith(kind);
        if (pods > 0) {
            counts.add(pods + " " + words);
        }
    }
}
