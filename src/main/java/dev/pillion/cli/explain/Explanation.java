package dev.pillion.cli.explain;

import static dev.pillion.cli.explain.IndentedText.INDENT;

import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Grant;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.simulate.Outcome;
import dev.pillion.cli.terminal.Colors;
import dev.pillion.cli.terminal.Colors.TextStyle;
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
import dev.pillion.injection.select.GenerationPins.ChosenGeneration;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints what the webhook would do with a workload, and why. */
final class Explanation {

    private final IndentedText text;
    private final PrintWriter out;
    private final Colors colors;

    Explanation(StandardOptions standard) {
        this.text = IndentedText.of(standard);
        this.out = text.out();
        this.colors = text.colors();
    }

    void print(Outcome outcome) {
        out.print(colors.in(TextStyle.TITLE, outcome.workload().title()) + " in "
                + outcome.workload().manifest().source() + ": ");
        switch (outcome.decision()) {
            case Injected(Plan plan, var _) -> {
                out.println(colors.in(TextStyle.GOOD, outcome.keyword()));
                print(outcome, plan);
            }
            case Unchanged(Reason reason, Plan plan) -> {
                out.println(colors.in(TextStyle.WARNING, "unchanged (" + reason.code() + ")"));
                sentence(reason, TextStyle.PLAIN, INDENT, "");
                if (reason.code() == ReasonCode.NOT_REQUESTED) {
                    sentence(
                            "request a profile by annotation pillion.dev/inject, or try --inject PROFILE;"
                                    + " `pillion profiles` lists the profiles",
                            TextStyle.PLAIN,
                            INDENT,
                            "");
                }
                print(outcome, plan);
            }
            case Denied(Reason reason, var _, List<Reason> mistakes, int others) -> {
                out.println(colors.in(TextStyle.BAD, "denied (" + reason.code() + ")"));
                if (mistakes.size() == 1 && others == 0) {
                    sentence(reason, TextStyle.PLAIN, INDENT, "");
                } else {
                    print(mistakes, others);
                }
            }
        }
        printPolicies(outcome);
    }

    /** Prints what the comparison with other documents of the input found, one finding on each line as {@code inject} prints it. */
    void printFindings(List<String> findings) {
        if (!findings.isEmpty()) {
            out.println();
            findings.forEach(finding -> out.println(colors.in(TextStyle.WARNING, "warning: " + finding)));
        }
    }

    private void print(List<Reason> mistakes, int others) {
        for (Reason mistake : mistakes) {
            sentence(mistake, TextStyle.PLAIN, INDENT, "mistake (" + mistake.code() + "): ");
        }
        if (others > 0) {
            out.println(INDENT + "and " + others + " more mistakes");
        }
    }

    /** Prints each policy with what it gives the Pod, or why it does not match. The policy of each parameter is shown with the parameter. */
    private void printPolicies(Outcome outcome) {
        if (outcome.policies().isEmpty()) {
            return;
        }
        out.println();
        out.println(INDENT + "policies, highest priority first");
        Table table = text.table(INDENT + INDENT);
        for (PolicyView view : outcome.policies()) {
            Policy policy = view.policy();
            table.row(
                    new Cell(policy.name(), TextStyle.NAME),
                    Cell.of(policy.mode() + (policy.priority() == 0 ? "" : ", priority " + policy.priority())),
                    view.mismatch()
                            .map(why -> new Cell("no match: " + why, TextStyle.FAINT))
                            .orElseGet(() -> new Cell(verb(policy) + " " + profiles(policy), TextStyle.GOOD)));
        }
        text.print(table);
        for (Audited audited : outcome.decision().plan().audited()) {
            sentence(
                    audited.profile() + " " + audited.outcome(),
                    TextStyle.WARNING,
                    INDENT,
                    "audited by " + audited.policy() + ": ");
        }
    }

    private static String verb(Policy policy) {
        return switch (policy.mode()) {
            case ENFORCE, DEFAULT -> "gives";
            case PERMIT -> "permits";
            case AUDIT -> "audits";
        };
    }

    private static String profiles(Policy policy) {
        return policy.grants().stream().map(Grant::name).collect(Collectors.joining(", "));
    }

    private void print(Outcome outcome, Plan plan) {
        List<Reason> warnings = outcome.furtherWarnings();
        plan.profiles()
                .forEach(planned -> print(
                        planned,
                        Optional.ofNullable(
                                outcome.generations().get(planned.profile().name()))));
        plan.skipped().forEach(this::print);
        if (!plan.startup().isEmpty()) {
            out.println();
            out.println(INDENT + "containers start in this order");
            new StartOrderDiagram(plan, text.width()).table(INDENT + INDENT).print(out, colors);
        }
        if (!warnings.isEmpty()) {
            out.println();
            warnings.forEach(
                    warning -> sentence(warning, TextStyle.WARNING, INDENT, "warning (" + warning.code() + "): "));
        }
    }

    private void print(PlannedProfile planned, Optional<ChosenGeneration> generation) {
        heading(planned.profile().name(), planned.requestedBy());
        generation.ifPresent(each -> sentence(
                "generation " + each.generation() + ": " + each.reason(), TextStyle.PLAIN, INDENT + INDENT, ""));
        Table parameters = text.table(INDENT + INDENT);
        planned.parameters()
                .forEach((name, parameter) -> parameters.row(
                        Cell.of(name),
                        Cell.of(ValueText.of(parameter.value())),
                        new Cell(Printable.oneLine(shortForm(parameter.source())), TextStyle.FAINT)));
        text.print(parameters);
        for (String addition : planned.additions()) {
            text.print(text.table(INDENT + INDENT).row(new Cell("+", TextStyle.GOOD), Cell.of(addition)));
        }
        if (planned.additions().isEmpty()) {
            out.println(INDENT + INDENT + colors.in(TextStyle.FAINT, "the Pod has all of this already"));
        }
    }

    private void print(SkippedProfile skipped) {
        heading(skipped.profile().name(), skipped.requestedBy());
        sentence(
                skipped.reason(),
                TextStyle.WARNING,
                INDENT + INDENT,
                "skipped (" + skipped.reason().code() + "): ");
    }

    /** The name of an annotation alone, because its domain shows that it is an annotation. */
    private static String shortForm(ParameterSource source) {
        return source instanceof ParameterSource.Annotation(String name) ? name : source.toString();
    }

    private void heading(String profile, RequestSource source) {
        out.println();
        out.println(INDENT
                + colors.in(TextStyle.NAME, profile)
                + colors.in(TextStyle.FAINT, ", requested by " + Printable.oneLine(source.toString())));
    }

    private void sentence(Reason reason, TextStyle style, String indent, String prefix) {
        sentence(reason.message(), style, indent, prefix);
    }

    private void sentence(String sentence, TextStyle style, String indent, String prefix) {
        text.line(prefix + sentence, style, indent);
    }
}
