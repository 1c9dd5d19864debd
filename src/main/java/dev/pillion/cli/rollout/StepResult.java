package dev.pillion.cli.rollout;

import dev.pillion.cli.option.Keywords;

/**
 * What became of a step.
 *
 * @param detail what was done, or why not
 */
record StepResult(Step step, Outcome outcome, String detail) {

    enum Outcome {
        /** The step would be done without {@code --dry-run}. */
        PLANNED,
        /** All Pods of the workload are up to date and available. */
        UP_TO_DATE,
        /** The workload did not become ready, or the API server rejected a request. */
        FAILED,
        /** An earlier step failed. */
        NOT_STARTED,
        LEFT_ALONE;

        @Override
        public String toString() {
            return Keywords.of(this);
        }
    }
}
