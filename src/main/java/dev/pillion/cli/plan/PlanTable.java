package dev.pillion.cli.plan;

import dev.pillion.cli.live.NotCompiled;
import dev.pillion.cli.plan.NamespaceTotals.QuotaUse;
import dev.pillion.cli.plan.NamespaceTotals.Total;
import dev.pillion.cli.plan.PlannedChange.Kind;
import dev.pillion.cli.terminal.Colors;
import dev.pillion.cli.terminal.Colors.TextStyle;
import dev.pillion.cli.terminal.Table;
import dev.pillion.cli.terminal.Table.Cell;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Prints a plan as tables, one line for each change, and a summary. */
final class PlanTable {

    private final ClusterPlan plan;

    PlanTable(ClusterPlan plan) {
        this.plan = plan;
    }

    void print(PrintWriter out, Colors colors) {
        List<NotCompiled> broken = new ArrayList<>(plan.broken());
        broken.addAll(plan.brokenBefore());
        NotCompiled.print(broken, out, colors);
        printChanges(out, colors);
        printTotals(out, colors);
        plan.workloads().forEach(workload -> printDiff(workload, out, colors));
        out.println(plan.summary());
    }

    private void printChanges(PrintWriter out, Colors colors) {
        Table table = Table.ofLongLines();
        for (PlannedWorkload workload : plan.workloads()) {
            for (PlannedChange change : workload.changes()) {
                if (table.isEmpty()) {
                    table.row(titles("NAMESPACE", "WORKLOAD", "PODS", "CHANGE", "PROFILE", "REQUESTED BY", "DETAIL"));
                }
                table.row(
                        Cell.of(workload.namespace()),
                        new Cell(workload.title(), TextStyle.NAME),
                        Cell.of(Long.toString(workload.pods())),
                        new Cell(change.kind().toString(), style(change.kind())),
                        Cell.of(orDash(change.profile())),
                        Cell.of(orDash(change.requestedBy())),
                        new Cell(change.description(), TextStyle.FAINT));
            }
        }
        print(table, out, colors);
    }

    private void printTotals(PrintWriter out, Colors colors) {
        Table table = Table.ofLongLines();
        for (Total total : plan.totals()) {
            if (table.isEmpty()) {
                table.row(titles("NAMESPACE", "CPU REQUESTS", "MEMORY REQUESTS", "QUOTA"));
            }
            List<QuotaUse> quotas = total.quotas();
            table.row(
                    Cell.of(total.namespace()),
                    Cell.of(total.shown("requests.cpu")),
                    Cell.of(total.shown("requests.memory")),
                    quotas.isEmpty() ? Cell.of("-") : quota(quotas.getFirst()));
            quotas.stream().skip(1).forEach(quota -> table.row(Cell.of(""), Cell.of(""), Cell.of(""), quota(quota)));
        }
        print(table, out, colors);
    }

    private static void printDiff(PlannedWorkload workload, PrintWriter out, Colors colors) {
        if (workload.diff().isEmpty()) {
            return;
        }
        out.println(colors.in(TextStyle.TITLE, workload.namespace() + " " + workload.title()));
        for (String line : workload.diff()) {
            TextStyle style =
                    line.startsWith("+") ? TextStyle.GOOD : line.startsWith("-") ? TextStyle.BAD : TextStyle.PLAIN;
            out.println("  " + colors.in(style, line));
        }
        out.println();
    }

    private static void print(Table table, PrintWriter out, Colors colors) {
        if (!table.isEmpty()) {
            table.print(out, colors);
            out.println();
        }
    }

    private static Cell quota(QuotaUse quota) {
        return new Cell(quota.description(), quota.isExceeded() ? TextStyle.BAD : TextStyle.PLAIN);
    }

    private static TextStyle style(Kind kind) {
        return kind.blocks() ? TextStyle.BAD : kind.changesPods() ? TextStyle.PLAIN : TextStyle.WARNING;
    }

    static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private static Cell[] titles(String... titles) {
        return Stream.of(titles).map(title -> new Cell(title, TextStyle.TITLE)).toArray(Cell[]::new);
    }
}
