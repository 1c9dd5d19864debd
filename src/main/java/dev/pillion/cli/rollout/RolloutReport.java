package dev.pillion.cli.rollout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.rollout.Step.Action;
import dev.pillion.cli.rollout.StepResult.Outcome;
import dev.pillion.cli.terminal.Colors;
import dev.pillion.cli.terminal.Colors.TextStyle;
import dev.pillion.cli.terminal.Table;
import dev.pillion.cli.terminal.Table.Cell;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Prints the plan and the results of a rollout. */
final class RolloutReport {

    private RolloutReport() {}

    /** Prints a row for each workload, in the order of the rollout, and a summary. */
    static void print(RolloutPlan plan, PrintWriter out, Colors colors) {
        if (plan.steps().isEmpty()) {
            out.println("no Pod of the selected workloads lacks a companion or has an outdated one");
            return;
        }
        Table table = Table.ofLongLines();
        table.row(title("NAMESPACE"), title("WORKLOAD"), title("PODS"), title("ACTION"), title("WHY"));
        for (Step step : plan.steps()) {
            table.row(
                    Cell.of(step.target().namespace()),
                    new Cell(step.target().workload(), TextStyle.NAME),
                    Cell.of(Integer.toString(step.pods())),
                    new Cell(step.action().toString(), step.changes() ? TextStyle.PLAIN : TextStyle.WARNING),
                    new Cell(String.join("; ", step.why()), TextStyle.FAINT));
        }
        table.print(out, colors);
        out.println(summary(plan.steps()));
    }

    private static Cell title(String text) {
        return new Cell(text, TextStyle.TITLE);
    }

    private static String summary(List<Step> steps) {
        List<String> counts = new ArrayList<>();
        count(steps, Action.WAIT, "to wait for", counts);
        count(steps, Action.IN_PLACE, "to update in place", counts);
        count(steps, Action.RESTART, "to restart", counts);
        count(steps, Action.NONE, "left alone", counts);
        return workloads(steps.size()) + ": " + String.join(", ", counts);
    }

    private static void count(List<Step> steps, Action action, String words, List<String> counts) {
        long number = steps.stream().filter(step -> step.action() == action).count();
        if (number > 0) {
            counts.add(number + " " + words);
        }
    }

    /** Prints how many workloads are up to date. The log has a line for each. */
    static void printResults(List<StepResult> results, PrintWriter out) {
        List<StepResult> begun =
                results.stream().filter(result -> result.step().changes()).toList();
        long upToDate = begun.stream()
                .filter(result -> result.outcome() == Outcome.UP_TO_DATE)
                .count();
        long notStarted = begun.stream()
                .filter(result -> result.outcome() == Outcome.NOT_STARTED)
                .count();
        out.println(upToDate + " of " + workloads(begun.size()) + " up to date"
                + (notStarted == 0 ? "" : "; " + notStarted + " not started")
                + (hasFailed(results) ? "; correct the problem, and repeat the command to continue" : ""));
    }

    static boolean hasFailed(List<StepResult> results) {
        return results.stream().anyMatch(result -> result.outcome() == Outcome.FAILED);
    }

    private static String workloads(int number) {
        return number == 1 ? "1 workload" : number + " workloads";
    }

    static ArrayNode json(List<StepResult> results) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (StepResult result : results) {
            Step step = result.step();
            ObjectNode object = list.addObject()
                    .put("namespace", step.target().namespace())
                    .put("workload", step.target().workload())
                    .put("pods", step.pods())
                    .put("action", step.action().toString());
            step.why().forEach(object.putArray("why")::add);
            object.put("outcome", result.outcome().toString()).put("detail", result.detail());
        }
        return list;
    }
}
