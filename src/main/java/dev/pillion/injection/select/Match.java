package dev.pillion.injection.select;

import dev.pillion.catalog.LabelSelector;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.MatchCondition;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.expression.EvaluationException;
import dev.pillion.expression.Variables;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Owner;
import dev.pillion.pod.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks whether a policy matches a Pod. */
public final class Match {

    private Match() {}

    /** Why the policy does not match; empty if it does. */
    public static Optional<String> of(
            Policy policy, Pod pod, Namespace namespace, Variables variables, List<Reason> warnings) {
        return selected(policy.namespaces(), "namespace " + namespace.name(), namespace.labels())
                .or(() -> selected(policy.pods(), "the Pod", pod.labels()))
                .or(() -> beyondSelectors(policy, pod, namespace, variables, warnings));
    }

    /** Why a policy whose selectors match does not match; empty if it does. */
    public static Optional<String> beyondSelectors(
            Policy policy, Pod pod, Namespace namespace, Variables variables, List<Reason> warnings) {
        return condition(policy, variables, warnings).or(() -> percentage(policy, namespace, pod.owner()));
    }

    private static Optional<String> selected(LabelSelector selector, String what, Map<String, String> labels) {
        return selector.unmet(labels).map(requirement -> {
            String value = labels.get(requirement.key());
            return what + " has "
                    + (value == null ? "no label " + requirement.key() : "label " + requirement.key() + "=" + value)
                    + ", and the policy is for " + requirement;
        });
    }

    /**
     * The first condition that does not hold. If a condition fails to evaluate, the policy is skipped with a warning. Enforce policies apply
     * anyway, so that no Pod can evade them by making a condition fail.
     */
    private static Optional<String> condition(Policy policy, Variables variables, List<Reason> warnings) {
        for (MatchCondition condition : policy.matchConditions()) {
            try {
                if (!condition.condition().isTrue(variables)) {
                    return Optional.of("its condition '" + condition.name() + "' is false");
                }
            } catch (EvaluationException e) {
                boolean enforced = policy.mode() == Mode.ENFORCE;
                warnings.add(new Reason(
                        ReasonCode.MATCH_CONDITION_FAILED,
                        "policy " + policy.name() + (enforced ? " applies, although its" : " is skipped: its")
                                + " condition '" + condition.name() + "' fails to evaluate: " + e.getMessage()));
                if (!enforced) {
                    return Optional.of("its condition '" + condition.name() + "' fails to evaluate: " + e.getMessage());
                }
            }
        }
        return Optional.empty();
    }

    /** The percentage is stable: it selects the same workloads each time, and other ones for each policy. */
    private static Optional<String> percentage(Policy policy, Namespace namespace, Owner owner) {
        return WorkloadShare.isSelected(policy.name(), policy.percentage(), namespace, owner)
                ? Optional.empty()
                : Optional.of("it is for " + policy.percentage() + "% of workloads, and " + WorkloadShare.name(owner)
                        + " is not among them");
    }
}
