package dev.pillion.cli.simulate;

import dev.pillion.cli.manifest.PlacedWorkload;
import dev.pillion.cli.terminal.Printable;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.PolicyView;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.select.GenerationPins.ChosenGeneration;
import dev.pillion.patch.Patch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The simulated decision for a workload.
 *
 * @param namespace the name of the namespace that was assumed
 * @param patch of the manifest; empty unless the workload is injected
 * @param policies each policy of the catalog, and whether it matches
 * @param generations the generations of the profiles that the workload gets by a pin or a percentage, by name
 */
public record Outcome(
        PlacedWorkload workload,
        String namespace,
        Decision decision,
        Patch patch,
        List<PolicyView> policies,
        Map<String, ChosenGeneration> generations) {

    public boolean denied() {
        return decision instanceof Denied;
    }

    /** The decision in one word: {@code injected}, {@code uninjected}, {@code unchanged} or {@code denied}. */
    public String keyword() {
        return switch (decision) {
            case Injected(var plan, var _) -> plan.profiles().isEmpty() ? "uninjected" : "injected";
            case Unchanged _ -> "unchanged";
            case Denied _ -> "denied";
        };
    }

    /** The decision in one line. */
    public String summary() {
        return workload.title() + ": "
                + switch (decision) {
                    case Injected(var plan, var _) ->
                        (keyword() + " "
                                        + plan.profiles().stream()
                                                .map(planned ->
                                                        planned.profile().name())
                                                .collect(Collectors.joining(", ")))
                                .strip();
                    case Unchanged(Reason reason, var _) -> keyword() + " " + sentence(reason);
                    case Denied(Reason reason, var _, var _, var _) -> keyword() + " " + sentence(reason);
                };
    }

    /** One line for each mistake; empty unless the workload is denied. */
    public List<String> mistakes() {
        if (!(decision instanceof Denied(var _, var _, List<Reason> mistakes, int others))) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        mistakes.forEach(mistake -> lines.add(workload.title() + ": denied " + sentence(mistake)));
        if (others > 0) {
            lines.add(workload.title() + ": denied for " + others + " more mistakes");
        }
        return lines;
    }

    /** The warnings, without the reason of the decision. */
    public List<Reason> warnings() {
        return switch (decision) {
            case Injected(var plan, var _) -> plan.warnings();
            case Unchanged(Reason said, var plan) ->
                plan.warnings().stream()
                        .filter(warning -> !warning.equals(said))
                        .toList();
            case Denied _ -> List.of();
        };
    }

    /** The warnings, without those about skipped profiles. */
    public List<Reason> furtherWarnings() {
        return warnings().stream()
                .filter(warning -> decision.plan().skipped().stream()
                        .noneMatch(skipped -> skipped.reason().equals(warning)))
                .toList();
    }

    private static String sentence(Reason reason) {
        return "(" + reason.code() + "): " + Printable.oneLine(reason.message());
    }
}
