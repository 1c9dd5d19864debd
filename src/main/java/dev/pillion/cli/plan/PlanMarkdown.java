package dev.pillion.cli.plan;

import dev.pillion.cli.live.NotCompiled;
import dev.pillion.cli.plan.NamespaceTotals.QuotaUse;
import dev.pillion.cli.plan.NamespaceTotals.Total;
import dev.pillion.cli.plan.PlannedChange.Kind;
import dev.pillion.cli.terminal.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A plan as GitHub Flavored Markdown, short enough for a comment on a pull request. */
final class PlanMarkdown {

    /** A comment on GitHub has at most 65,536 characters. The rest is for the text around the tables. */
    private static final int LONGEST = 60_000;

    /** A long detail, such as a denial for many mistakes, must not displace the other rows. */
    private static final int LONGEST_CELL = 600;

    private final ClusterPlan plan;
    private final StringBuilder text = new StringBuilder();
    private int leftOut;

    PlanMarkdown(ClusterPlan plan) {
        this.plan = plan;
    }

    String text() {
        text.append(plan.blocks() ? "**This change causes problems.** " : "")
                .append(escaped(plan.summary()))
                .append(".\n");
        addNotCompiled("These profiles and policies would not compile", plan.broken());
        addOverview();
        addChanges(PlannedWorkload::blocks, "");
        addTotals();
        addChanges(workload -> !workload.blocks() && !workload.isUnchanged(), "Changed workloads");
        addChanges(workload -> !workload.blocks() && workload.isUnchanged(), "Findings that change no Pod");
        plan.workloads().forEach(this::addDiff);
        addNotCompiled("These profiles and policies do not compile now", plan.brokenBefore());
        if (leftOut > 0) {
            text.append("\n")
                    .append(leftOut == 1 ? "One row or diff is" : leftOut + " rows or diffs are")
                    .append(" left out, because the text would be too long. `pillion plan` without `-o markdown` prints"
                            + " everything.\n");
        }
        return text.toString();
    }

    /** One row for all workloads with the same change, because a profile often changes many of them. */
    private void addOverview() {
        Map<List<String>, List<PlannedWorkload>> alike = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            for (PlannedWorkload workload : plan.workloads()) {
                workload.changes().stream()
                        .filter(change -> change.kind() == kind)
                        .map(change -> List.of(kind.toString(), change.profile(), change.requestedBy()))
                        .distinct()
                        .forEach(key -> alike.computeIfAbsent(key, _ -> new ArrayList<>())
                                .add(workload));
            }
        }
        List<String> rows = new ArrayList<>();
        alike.forEach((change, workloads) -> rows.add(row(
                change.get(0),
                change.get(1),
                change.get(2),
                Integer.toString(workloads.size()),
                Long.toString(
                        workloads.stream().mapToLong(PlannedWorkload::pods).sum()),
                workloads.stream().map(PlannedWorkload::namespace).distinct().collect(Collectors.joining(", ")))));
        addTable("", List.of("change", "profile", "requested by", "workloads", "Pods", "namespaces"), rows);
    }

    /** @param title of a part that can be opened; empty for one that is always open */
    private void addChanges(Predicate<PlannedWorkload> condition, String title) {
        List<String> rows = new ArrayList<>();
        for (PlannedWorkload workload : plan.workloads()) {
            if (condition.test(workload)) {
                workload.changes().forEach(change -> rows.add(row(workload, change)));
            }
        }
        addTable(title, List.of("namespace", "workload", "Pods", "change", "profile", "requested by", "detail"), rows);
    }

    private static String row(PlannedWorkload workload, PlannedChange change) {
        return row(
                workload.namespace(),
                workload.title(),
                Long.toString(workload.pods()),
                change.kind().toString(),
                change.profile(),
                change.requestedBy(),
                change.description());
    }

    private void addTotals() {
        List<String> rows = new ArrayList<>();
        for (Total total : plan.totals()) {
            rows.add(row(
                    total.namespace(),
                    total.shown("requests.cpu"),
                    total.shown("requests.memory"),
                    total.quotas().stream().map(QuotaUse::description).collect(Collectors.joining("; "))));
        }
        addTable("", List.of("namespace", "CPU requests", "memory requests", "quota"), rows);
    }

    private void addNotCompiled(String title, List<NotCompiled> list) {
        List<String> rows = list.stream()
                .flatMap(each -> each.problems().stream().map(problem -> row(each.name(), each.inForce(), problem)))
                .toList();
        if (!rows.isEmpty()) {
            text.append("\n").append(title).append(":\n");
        }
        addTable("", List.of("resource", "in force", "problem"), rows);
    }

    private void addTable(String title, List<String> columns, List<String> rows) {
        if (rows.isEmpty()) {
            return;
        }
        text.append("\n");
        if (!title.isEmpty()) {
            text.append("<details><summary>")
                    .append(title)
                    .append(" (")
                    .append(rows.size())
                    .append(rows.size() == 1 ? " row" : " rows")
                    .append(")</summary>\n\n");
        }
        text.append(line(columns.stream())).append(line(columns.stream().map(_ -> "---")));
        rows.forEach(this::addIfShort);
        if (!title.isEmpty()) {
            text.append("\n</details>\n");
        }
    }

    private void addDiff(PlannedWorkload workload) {
        if (workload.diff().isEmpty()) {
            return;
        }
        String diff = workload.diff().stream().map(Printable::oneLine).collect(Collectors.joining("\n"));
        String fence = "`".repeat(longestRunOfBackticks(diff) + 3);
        addIfShort("\n<details><summary>Diff of " + escaped(workload.namespace() + " " + workload.title())
                + "</summary>\n\n" + fence + "diff\n" + diff + "\n" + fence + "\n\n</details>\n");
    }

    private void addIfShort(String part) {
        if (text.length() + part.length() > LONGEST) {
            leftOut++;
        } else {
            text.append(part);
        }
    }

    private static String row(String... cells) {
        return line(Stream.of(cells).map(cell -> escaped(shortened(PlanTable.orDash(cell)))));
    }

    private static String line(Stream<String> cells) {
        return cells.collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String shortened(String cell) {
        return cell.length() <= LONGEST_CELL ? cell : cell.substring(0, LONGEST_CELL) + "…";
    }

    /** The text on one line, without a meaning in Markdown or HTML. An {@code @} would mention a user. */
    private static String escaped(String plain) {
        return Printable.oneLine(plain)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "&#64;")
                .replaceAll("[\\\\`*_{}\\[\\]#|~]", "\\\\$0")
                .replace("&\\#64;", "&#64;");
    }

    private static int longestRunOfBackticks(String text) {
        int longest = 0;
        int run = 0;
        for (char character : text.toCharArray()) {
            run = character == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
