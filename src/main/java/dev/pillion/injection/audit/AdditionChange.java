package dev.pillion.injection.audit;

import dev.pillion.injection.Decision;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.PlannedProfile;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.plan.Status.Given;
import dev.pillion.injection.reason.RequestSource;
import dev.pillion.injection.uninject.StatusComparison;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A difference between what two catalogs add to the same Pod.
 *
 * @param requestedBy who requests the profile in the later catalog, or in the earlier one if nothing does in the later
 * @param detail what is added or removed, or why it changes
 * @param differences the parts that change, one phrase each
 */
public record AdditionChange(
        Kind kind, String profile, Optional<RequestSource> requestedBy, String detail, List<String> differences) {

    public enum Kind {
        /** The Pod gets the profile only from the later catalog. */
        GAINS,
        /** The Pod gets the profile from both, in different forms. */
        CHANGES,
        /** The Pod gets the profile only from the earlier catalog. */
        LOSES;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public AdditionChange {
        differences = List.copyOf(differences);
    }

    /** The Pod after a decision that does not deny it. */
    public static Pod after(Decision decision, Pod pod) {
        return switch (decision) {
            case Injected(var _, var patch) -> {
                try {
                    yield Pod.of(patch.applyTo(pod.tree()));
                } catch (MalformedPodException e) {
                    throw new IllegalStateException("the Pod cannot be read after its injection: " + e.getMessage(), e);
                }
            }
            case Unchanged _, Denied _ -> pod;
        };
    }

    /**
     * The differences between two decisions for the same Pod, neither of which denies it.
     *
     * @param podBefore the Pod after the first decision
     * @param podNow the Pod after the second decision
     */
    public static List<AdditionChange> between(Decision before, Pod podBefore, Decision now, Pod podNow) {
        Status earlier = Status.of(podBefore);
        Status later = Status.of(podNow);
        AdditionDifferences differences = new AdditionDifferences(podBefore, earlier, podNow, later);
        List<AdditionChange> changes = new ArrayList<>();
        earlier.profiles().forEach((name, given) -> {
            Optional<Given> current = Optional.ofNullable(later.profiles().get(name));
            StatusComparison.difference(given, current)
                    .ifPresent(difference -> changes.add(
                            switch (difference) {
                                case GONE -> lost(name, before.plan(), now.plan());
                                case GENERATION ->
                                    changed(
                                            name,
                                            now.plan(),
                                            "generation " + given.generation() + " → "
                                                    + current.orElseThrow().generation(),
                                            differences);
                                case REQUEST ->
                                    changed(name, now.plan(), "other values or other containers", differences);
                            }));
        });
        for (PlannedProfile planned : now.plan().profiles()) {
            String name = planned.profile().name();
            if (!earlier.profiles().containsKey(name)) {
                changes.add(new AdditionChange(
                        Kind.GAINS,
                        name,
                        Optional.of(planned.requestedBy()),
                        String.join("; ", planned.additions()),
                        List.of()));
            }
        }
        return changes.isEmpty() ? inAnotherOrder(earlier, later, now.plan()) : changes;
    }

    private static AdditionChange lost(String name, Plan before, Plan now) {
        Optional<String> skipped = now.skipped().stream()
                .filter(each -> each.profile().name().equals(name))
                .findFirst()
                .map(each -> "is left out: " + each.reason().message());
        String additions = before.planned(name)
                .map(planned -> String.join("; ", planned.additions()))
                .orElse("");
        return new AdditionChange(
                Kind.LOSES,
                name,
                before.planned(name).map(PlannedProfile::requestedBy),
                skipped.orElse(additions),
                List.of());
    }

    private static AdditionChange changed(String name, Plan now, String detail, AdditionDifferences differences) {
        return new AdditionChange(
                Kind.CHANGES,
                name,
                now.planned(name).map(PlannedProfile::requestedBy),
                detail,
                differences.of(name, now));
    }

    private static List<AdditionChange> inAnotherOrder(Status earlier, Status later, Plan now) {
        boolean sameOrder = List.copyOf(earlier.profiles().keySet())
                .equals(List.copyOf(later.profiles().keySet()));
        return sameOrder
                ? List.of()
                : now.profiles().stream()
                        .map(planned -> new AdditionChange(
                                Kind.CHANGES,
                                planned.profile().name(),
                                Optional.of(planned.requestedBy()),
                                "the profiles are injected in another order",
                                List.of()))
                        .toList();
    }

    /** The detail, and the differences if there are any. */
    public String description() {
        return differences.isEmpty() ? detail : detail + "; differences: " + String.join("; ", differences);
    }
}
