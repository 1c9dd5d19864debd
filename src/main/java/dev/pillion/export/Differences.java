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
            found.add("What is enforced is added, and not checked again in the Pod's final state, as /validate does.");
        }
        found.add("Pods' annotations set no parameters and choose no containers; wrong ones are not refused.");
        found.add("No pillion.dev/status is written: uninject and a second pass of Pillion do not know what was added."
                + " Do not give a profile both ways.");
        found.add("Policies that say different things of a profile are not settled by priority:"
                + " all that match are applied, in the order of their names.");
        if (!sample.containers().isEmpty()) {
            found.add("A Pod that brings a container of a companion's name is left as it is, not refused.");
            if (sample.containers().stream()
                    .anyMatch(container -> !container.path("ports").isEmpty())) {
                found.add(
                        "A Pod in which another container uses a companion's port, or its name, gets the companion all the same.");
            }
            found.add("Companions keep their own resources in Pods that have resources of their own (pod level).");
            found.add(
                    "Several policies' init containers stand in the order of the policies' names, not of their order.");
        }
        if (!sample.sharedPaths().isEmpty()) {
            found.add("An app that mounts a volume of its own at " + String.join(" or ", sample.sharedPaths())
                    + ", or above it, gets no " + profile + "; Pillion shares that volume.");
        }
        if (!sample.profile().skipWhen().isEmpty()) {
            found.add("Pods that " + profile + "'s guards leave out get no warning.");
        }
        if (!sample.profile().warnWhen().isEmpty()) {
            found.add("Pods for which a warning of " + profile
                    + " holds (warnWhen) get the companion without the warning.");
        }
        return found;
    }
}
