package dev.pillion.export;

import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Mode;
import java.util.ArrayList;
import java.util.List;

/** Lists the differences between Pillion and the exported manifests. */
final class Differences {

    private Differences() {}

    static List<String> of(Policy policy, Sample sample) {
        List<String> found = new ArrayList<>();
        String profile = sample.profile().name();
        if (policy.mode() == Mode.ENFORCE) {
            found.add("Enforced profiles are added, but the final state of the Pod is not checked as by /validate.");
        }
        found.add(
                "Annotations of Pods set no parameters and select no containers. Invalid annotations are not denied.");
        found.add("No pillion.dev/status is written: uninject and a second pass of Pillion do not know what was added."
                + " Do not use both for the same profile.");
        found.add("Conflicts between policies are not resolved by priority:"
                + " all matching policies are applied in the order of their names.");
        if (!sample.containers().isEmpty()) {
            found.add("A Pod that has a container with a companion's name is left unchanged and not denied.");
            if (sample.containers().stream()
                    .anyMatch(container -> !container.path("ports").isEmpty())) {
                found.add(
                        "A Pod in which another container uses a companion's port or port name gets the companion anyway.");
            }
            found.add("Companions keep their resources in Pods with pod-level resources.");
            found.add(
                    "Init containers of several policies are in the order of the policies' names, and not of their 'order'.");
        }
        if (!sample.sharedPaths().isEmpty()) {
            found.add("An app that mounts its own volume at " + String.join(" or ", sample.sharedPaths())
                    + ", or above it, does not get " + profile + "; Pillion would share that volume.");
        }
        if (!sample.profile().skipWhen().isEmpty()) {
            found.add("Pods that " + profile + "'s guards exclude get no warning.");
        }
        if (!sample.profile().warnWhen().isEmpty()) {
            found.add("Pods for which a condition in warnWhen of " + profile
                    + " is true get the companion without the warning.");
        }
        return found;
    }
}
