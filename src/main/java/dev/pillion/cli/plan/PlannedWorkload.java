package dev.pillion.cli.plan;

import dev.pillion.cli.plan.PlannedChange.Kind;
import java.util.Comparator;
import java.util.List;

/**
 * A workload, and what changes for its new Pods.
 *
 * @param pods how many Pods it has
 * @param changes empty if nothing changes
 * @param diff a unified diff of the Pod with both catalogs; empty if nobody asked for it
 */
record PlannedWorkload(String namespace, String title, long pods, List<PlannedChange> changes, List<String> diff) {

    /** Workloads whose new Pods would not be created any more are first. */
    static final Comparator<PlannedWorkload> ORDER = Comparator.comparing(
                    (PlannedWorkload workload) -> !workload.blocks())
            .thenComparing(PlannedWorkload::namespace)
            .thenComparing(PlannedWorkload::title);

    PlannedWorkload {
        changes = changes.stream()
                .sorted(Comparator.comparing(PlannedChange::kind).thenComparing(PlannedChange::profile))
                .toList();
        diff = List.copyOf(diff);
    }

    boolean has(Kind kind) {
        return changes.stream().anyMatch(change -> change.kind() == kind);
    }

    /** Whether its new Pods would not be created any more. */
    boolean blocks() {
        return changes.stream().anyMatch(change -> change.kind().blocks());
    }

    /** Whether its new Pods stay as they are, and are created now. What policies in Audit mode would do changes no Pod. */
    boolean isUnchanged() {
        return changes.stream().map(PlannedChange::kind).noneMatch(kind -> kind.changesPods() || kind.blocksAlready());
    }

    /** Whether its new Pods become other ones than now. */
    boolean isChanged() {
        return changes.stream().anyMatch(change -> change.kind().changesPods());
    }
}
