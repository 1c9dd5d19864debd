package dev.pillion.cli.simulate;

import dev.pillion.cli.manifest.PlacedWorkload;
import dev.pillion.cli.terminal.Printable;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.PolicyView;
import dev.pillion.injection.reason.Reason;
import dev.pillion.patch.Patch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What becomes of a workload.
 *
 * @param patch of its manifest; empty unless the workload is injected
 * @param policies how each of the catalog's policies sees it
 */
public record Outcome(PlacedWorkload workload, Decision decision, Patch patch, List<PolicyView> policies) {

    public boolean denied() {
        return decision instanceof Denied;
    }

    /** One line that says it. */
    public String summary() {
        return workload.title() + ": "
                + switch (decision) {
                    case Injected(var plan, var _) when plan.profiles().isEmpty() -> "uninjected";
                    case Injected(var plan, var _) ->
                        "injected "
                                + plan.profiles().stream()
                                        .map(planned -> planned.profile().name())
                                        .collect(Collectors.joining(", "));
                    case Unchanged(Reason reason, var _) -> "unchanged " + sentence(reason);
                    case Denied(Reason reason, var _, var _, var _) -> "denied " + sentence(reason);
                };
    }

    /** Why the workload is denied, a line for each mistake; empty where it is not denied. */
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

    /** What a person should know besides. */
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

    private static String sentence(Reason reason) {
        return "(" + reason.code() + "): " + Printable.oneLine(reason.message());
    }
}
