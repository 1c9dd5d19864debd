package dev.pillion.cli.explain;

import dev.pillion.cli.terminal.Colors.TextStyle;
import dev.pillion.cli.terminal.Table;
import dev.pillion.cli.terminal.Table.Cell;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.Phase;
import dev.pillion.injection.plan.Plan.PlannedProfile;
import dev.pillion.injection.plan.Plan.Start;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Draws the order in which a Pod's containers start, from left to right. An init container ends before the next one starts. A native
 * sidecar keeps running. All other containers start together.
 */
final class StartOrderDiagram {

    private static final int WIDEST_NAME = 44;
    private static final int WIDEST_BARS = 36;

    private final Plan plan;
    private final int width;
    private final Set<String> critical;
    private final int steps;
    private final int stepWidth;

    /** @param width of a line, in characters */
    StartOrderDiagram(Plan plan, int width) {
        this.width = width;
        this.plan = plan;
        this.critical = plan.profiles().stream()
                .map(PlannedProfile::companions)
                .flatMap(companions -> companions.stream())
                .filter(companion -> companion.template().critical())
                .map(Plan.Companion::name)
                .collect(Collectors.toSet());
        this.steps = Math.toIntExact(plan.startup().stream()
                .filter(start -> start.phase() != Phase.APP)
                .count());
        this.stepWidth = Math.clamp(Math.min(WIDEST_BARS, width / 3) / (steps + 1), 1, 3);
    }

    Table table(String indent) {
        Table table = new Table(indent, width, WIDEST_NAME);
        int step = 0;
        for (Start start : plan.startup()) {
            table.row(
                    Cell.of(start.container()),
                    Cell.unwrapped(
                            bar(start.phase(), step), start.profile().isEmpty() ? TextStyle.PLAIN : TextStyle.GOOD),
                    new Cell(label(start), TextStyle.FAINT));
            step += start.phase() == Phase.APP ? 0 : 1;
        }
        return table;
    }

    private String bar(Phase phase, int step) {
        int from = step * stepWidth;
        int end = (steps + 1) * stepWidth + 2;
        return " ".repeat(from)
                + switch (phase) {
                    case INIT -> "├" + "─".repeat(stepWidth - 1) + "┤";
                    case NATIVE_SIDECAR, APP -> "├" + "─".repeat(end - from) + "▶";
                };
    }

    private String label(Start start) {
        String kind =
                switch (start.phase()) {
                    case INIT -> "init container";
                    case NATIVE_SIDECAR -> "native sidecar";
                    case APP -> start.profile().isEmpty() ? "container" : "sidecar container";
                };
        return kind
                + (start.profile().isEmpty() ? "" : " of " + start.profile())
                + (critical.contains(start.container()) ? ", critical" : "");
    }
}
