package dev.pillion.injection;

import dev.pillion.injection.plan.Status;

/**
 * A decision on a Pod as it is, and the data that shows whether an earlier injection is still up to date.
 *
 * @param status what Pillion has added to the Pod after the decision; empty when the Pod is denied
 * @param outOfDate whether a companion that stays as it is would be rendered or placed differently now
 * @param rendersDifferently whether an earlier addition would be rendered differently now; false where this is not compared
 */
record Evaluation(Decision decision, Status status, boolean outOfDate, boolean rendersDifferently) {

    Evaluation with(Decision other) {
        return new Evaluation(other, status, outOfDate, rendersDifferently);
    }

    /** A decision that adds nothing. */
    static Evaluation withoutAdditions(Decision decision) {
        return new Evaluation(decision, Status.empty(), false, false);
    }
}
