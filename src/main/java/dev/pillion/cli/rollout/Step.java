package dev.pillion.cli.rollout;

import dev.pillion.cli.option.Keywords;
import java.util.List;

/**
 * What to do with a workload.
 *
 * @param pods how many of its Pods have missing or outdated companions
 * @param why the reasons for the action, one sentence each
 */
record Step(Target target, Action action, int pods, List<String> why) {

    Step {
        why = List.copyOf(why);
    }

    enum Action {
        /** Wait for a rollout that has begun. Its new Pods are up to date. */
        WAIT,
        /** Change the images and resources of companions in the live Pods. The kubelet restarts no other containers. */
        IN_PLACE,
        /** Change the Pod template, so that the controller replaces the Pods. */
        RESTART,
        /** Leave the workload alone. */
        NONE;

        @Override
        public String toString() {
            return Keywords.of(this);
        }
    }

    boolean changes() {
        return action != Action.NONE;
    }
}
