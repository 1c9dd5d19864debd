package dev.pillion.cli.explain;

import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Grant;
import dev.pillion.cli.simulate.Outcome;
import dev.pillion.cli.terminal.Colors;
import dev.pillion.cli.terminal.Colors.Ink;
import dev.pillion.cli.terminal.Printable;
import dev.pillion.cli.terminal.Table;
import dev.pillion.cli.terminal.Table.Cell;
import dev.pillion.cli.terminal.ValueText;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.PolicyView;
import dev.pillion.injection.plan.ParameterSource;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.Audited;
import dev.pillion.injection.plan.Plan.PlannedProfile;
import dev.pillion.injection.plan.Plan.SkippedProfile;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.reason.RequestSource;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** Says what becomes of a workload, and why. */
final class Explanation {

    private static final String INDENT = "  ";
    private static final int WIDEST_VALUE = 44;

    private final PrintWriter out;
    private final Colors paint;

    Explanation(PrintWriter out, Colors paint) {
        this.out = out;
        this.paint = paint;
    }

    void print(Outcome outcome) {
        out.print(paint.in(Ink.TITLE, outcome.workload().title()) + " in "
                + outcome.workload().manifest().source() + ": ");
        switch (outcome.decision()) {
            case Injected(Plan plan, var _) -> {
                out.println(paint.in(Ink.GOOD, plan.profiles().isEmpty() ? "uninjected" : "injected"));
                print(plan, outcome.warnings());
            }
            case Unchanged(Reason reason, Plan plan) -> {
                out.println(paint.in(Ink.WARNING, "unchanged (" + reason.code() + ")"));
                sentence(reason, Ink.PLAIN, INDENT, "");
                if (reason.code() == ReasonCode.NOT_REQUESTED) {
                    out.println(
                            INDENT
                                    + "ask with annotation pillion.dev/inject, or try --inject PROFILE; `pillion profiles` lists them");
                }
                print(plan, outcome.warnings());
            }
            case Denied(Reason reason, var _, List<Reason> mistakes, int others) -> {
                out.println(paint.in(Ink.BAD, "denied (" + reason.code() + ")"));
                if (mistakes.size() == 1 && others == 0) {
                    sentence(reason, Ink.PLAIN, INDENT, "");
                } else {
                    print(mistakes, others);
                }
            }
        }
        printPolicies(outcome);
    }

    /** What other documents of the input show. */
    void printFindings(List<String> findings) {
        if (!findings.isEmpty()) {
            out.println();
            findings.forEach(finding -> out.println(paint.in(Ink.WARNING, "warning: " + finding)));
        }
    }

    private void print(List<Reason> mistakes, int others) {
        for (Reason mistake : mistakes) {
            sentence(mistake, Ink.PLAIN, INDENT, "mistake (" + mistake.code() + "): ");
        }
        if (others > 0) {
            out.println(INDENT + "and " + others + " more mistakes");
        }
    }

    /** Who won stands with each profile and parameter; here is who was in the running, and why the others were not. */
    private void printPolicies(Outcome outcome) {
        if (outcome.policies().isEmpty()) {
            return;
        }
        out.println();
        out.println(INDENT + "policies, who comes first on top");
        Table table = new Table(INDENT + INDENT, WIDEST_VALUE);
        for (PolicyView view : outcome.policies()) {
            Policy policy = view.policy();
            table.row(
                    new Cell(policy.name(), Ink.NAME),
                    Cell.of(policy.mode() + (policy.priority() == 0 ? "" : ", priority " + policy.priority())),
                    view.mismatch()
                            .map(why -> new Cell("no: " + why, Ink.FAINT))
                            .orElseGet(() -> new Cell(verb(policy) + " " + profiles(policy), Ink.GOOD)));
        }
        table.print(out, paint);
        for (Audited audited : outcome.decision().plan().audited()) {
            sentence(
                    audited.profile() + " " + audited.outcome(),
                    Ink.WARNING,
                    INDENT,
                    "audited by " + audited.policy() + ": ");
        }
    }

    private static String verb(Policy policy) {
        return switch (policy.mode()) {
            case ENFORCE, DEFAULT -> "gives";
            case PERMIT -> "permits";
            case AUDIT -> "watches for";
        };
    }

    private static String profiles(Policy policy) {
        return policy.grants().stream().map(Grant::name).collect(Collectors.joining(", "));
    }

    private void print(Plan plan, List<Reason> all) {
        plan.profiles().forEach(this::print);
        plan.skipped().forEach(this::print);
        if (!plan.startup().isEmpty()) {
            out.println();
            out.println(INDENT + "containers start in this order");
            new StartOrderDiagram(plan).table(INDENT + INDENT).print(out, paint);
        }
        List<Reason> warnings = all.stream()
                .filter(warning -> plan.skipped().stream()
                        .noneMatch(skipped -> skipped.reason().equals(warning)))
                .toList();
        if (!warnings.isEmpty()) {
            out.println();
            warnings.forEach(warning -> sentence(warning, Ink.WARNING, INDENT, "warning (" + warning.code() + "): "));
        }
    }

    private void print(PlannedProfile planned) {
        heading(planned.profile().name(), planned.requestedBy());
        Table parameters = new Table(INDENT + INDENT, WIDEST_VALUE);
        planned.parameters()
                .forEach((name, parameter) -> parameters.row(
                        Cell.of(name),
                        Cell.of(ValueText.of(parameter.value())),
                        new Cell(Printable.oneLine(shortForm(parameter.source())), Ink.FAINT)));
        parameters.print(out, paint);
        for (String addition : planned.additions()) {
            out.println(INDENT + INDENT + paint.in(Ink.GOOD, "+") + " " + Printable.oneLine(addition));
        }
        if (planned.additions().isEmpty()) {
            out.println(INDENT + INDENT + paint.in(Ink.FAINT, "all of it is there already"));
        }
    }

    private void print(SkippedProfile skipped) {
        heading(skipped.profile().name(), skipped.requestedBy());
        sentence(
                skipped.reason(),
                Ink.WARNING,
                INDENT + INDENT,
                "skipped (" + skipped.reason().code() + "): ");
    }

    /** The table has no room for the word "annotation", and its domain says that it is one. */
    private static String shortForm(ParameterSource source) {
        return source instanceof ParameterSource.Annotation(String name) ? name : source.toString();
    }

    private void heading(String profile, RequestSource source) {
        out.println();
        out.println(INDENT
                + paint.in(Ink.NAME, profile)
                + paint.in(Ink.FAINT, ", requested by " + Printable.oneLine(source.toString())));
    }

    private void sentence(Reason reason, Ink ink, String indent, String prefix) {
        sentence(reason.message(), ink, indent, prefix);
    }

    private void sentence(String text, Ink ink, String indent, String prefix) {
        new Table(indent, WIDEST_VALUE).row(new Cell(prefix + text, ink)).print(out, paint);
    }
}
