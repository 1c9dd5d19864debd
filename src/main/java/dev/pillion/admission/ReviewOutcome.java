package dev.pillion.admission;

import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.reason.ReasonCode;

/**
 * The response to a review with what logs, metrics and Events need beside it.
 *
 * @param code why the response is what it is
 * @param plan what the Pod gets; empty for a denial and for reviews of other objects
 */
public record ReviewOutcome(AdmissionResponse response, ReasonCode code, Plan plan) {

    static ReviewOutcome of(AdmissionResponse response, ReasonCode code) {
        return new ReviewOutcome(response, code, Plan.empty());
    }

    /** The value of the label {@code decision} in metrics and traces. */
    public String decision() {
        return !response.isAllowed() ? "denied" : response.patch().isPresent() ? "injected" : "unchanged";
    }

    /** The same outcome with an empty patch if it had one. It takes less memory, and logs and metrics are the same. */
    public ReviewOutcome withoutPatchOperations() {
        return new ReviewOutcome(response.withoutPatchOperations(), code, plan);
    }
}
