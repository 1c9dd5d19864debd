package dev.pillion.cli.audit;

import dev.pillion.cli.terminal.Colors;
import dev.pillion.cli.terminal.Colors.Ink;
import dev.pillion.cli.terminal.Printable;
import dev.pillion.cli.terminal.Table;
import dev.pillion.cli.terminal.Table.Cell;
import dev.pillion.injection.Audit;
import dev.pillion.injection.Audit.Finding;
import dev.pillion.injection.AuditFinding;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What an audit found, a line for each workload and profile. */
final class AuditReport {

    private final Audit audit;
    private final List<NotCompiled> notCompiled;

    AuditReport(Audit audit, List<NotCompiled> notCompiled) {
        this.audit = audit;
        this.notCompiled = notCompiled;
    }

    /** Pods of a workload lack the same for the same reason. */
    private record Row(String namespace, String workload, AuditFinding lack) {

        static final Comparator<Row> ORDER = Comparator.comparing(Row::namespace)
                .thenComparing(Row::workload)
                .thenComparing(row -> row.lack().kind())
                .thenComparing(row -> row.lack().profile())
                .thenComparing(row -> source(row.lack()))
                .thenComparing(row -> row.lack().detail());

        static Row of(Finding finding) {
            return new Row(
                    finding.namespace(),
                    finding.owner().kind() + "/" + finding.owner().name(),
                    finding.lack());
        }
    }

    void print(PrintWriter out, Colors paint) {
        printNotCompiled(out, paint);
        Map<Row, List<Finding>> rows = audit.findings().stream()
                .collect(Collectors.groupingBy(Row::of, () -> new TreeMap<>(Row.ORDER), Collectors.toList()));
        Table table = Table.ofLongLines();
        if (!rows.isEmpty()) {
            table.row(
                    title("NAMESPACE"),
                    title("WORKLOAD"),
                    title("PODS"),
                    title("LACKS"),
                    title("REQUESTED BY"),
                    title("DETAIL"));
        }
        rows.forEach((row, findings) -> table.row(
                Cell.of(row.namespace()),
                new Cell(row.workload(), Ink.NAME),
                Cell.of(Integer.toString(findings.size())),
                lacks(row.lack()),
                Cell.of(row.lack().request().isEmpty() ? "-" : source(row.lack())),
                new Cell(row.lack().detail(), Ink.FAINT)));
        table.print(out, paint);
        out.println(summary(rows.keySet().stream()
                .filter(row -> row.lack().kind() == AuditFinding.Kind.AUDITED)
                .count()));
    }

    private void printNotCompiled(PrintWriter out, Colors paint) {
        if (notCompiled.isEmpty()) {
            return;
        }
        Table table = Table.ofLongLines();
        table.row(title("DOES NOT COMPILE"), title("IN FORCE"), title("PROBLEM"));
        for (NotCompiled each : notCompiled) {
            each.problems()
                    .forEach(problem -> table.row(
                            new Cell(each.name(), Ink.NAME),
                            new Cell(each.inForce(), Ink.BAD),
                            new Cell(Printable.oneLine(problem), Ink.FAINT)));
        }
        table.print(out, paint);
        out.println();
    }

    /** Who requests the profile; empty where no request is the cause. */
    static String source(AuditFinding lack) {
        return lack.request().map(request -> request.source().toString()).orElse("");
    }

    private static Cell title(String text) {
        return new Cell(text, Ink.TITLE);
    }

    private static Cell lacks(AuditFinding lack) {
        return switch (lack.kind()) {
            case MISSING -> new Cell(lack.profile(), Ink.BAD);
            case CHANGED -> new Cell((lack.profile() + " (changed)").strip(), Ink.BAD);
            case DENIED -> new Cell((lack.profile() + " (denied)").strip(), Ink.BAD);
            case AUDITED -> new Cell(lack.profile() + " (audited)", Ink.WARNING);
        };
    }

    private String summary(long audited) {
        long lacking = audit.lacking();
        return audit.pods()
                + (audit.pods() == 1 ? " Pod: " : " Pods: ")
                + (lacking == 0
                        ? "none lacks what it was to have"
                        : lacking + (lacking == 1 ? " lacks" : " lack") + " what "
                                + (lacking == 1 ? "it was" : "they were") + " to have")
                + (audited == 0 ? "" : "; policies that only watch would give more")
                + (notCompiled.isEmpty()
                        ? ""
                        : "; " + notCompiled.size()
                                + (notCompiled.size() == 1
                                        ? " profile or policy does not compile"
                                        : " profiles and policies do not compile"));
    }
}
