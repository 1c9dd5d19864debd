package dev.pillion.cli.plan;

import dev.pillion.cli.live.NotCompiled;
import dev.pillion.cli.plan.NamespaceTotals.QuotaUse;
import dev.pillion.cli.plan.NamespaceTotals.Total;
import dev.pillion.cli.plan.PlannedChange.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The effect of other profiles and policies on a cluster.
 *
 * @param workloads all workloads, in the order of reports
 * @param totals what namespaces would need more
 * @param broken profiles and policies that compile now and would not
 * @param brokenBefore profiles and policies that do not compile now
 */
record ClusterPlan(
        List<PlannedWorkload> workloads, List<Total> totals, List<NotCompiled> broken, List<NotCompiled> brokenBefore) {

    ClusterPlan {
        workloads = workloads.stream().sorted(PlannedWorkload.ORDER).toList();
    }

    /** Whether something that works now would not. */
    boolean blocks() {
        return !broken.isEmpty()
                || workloads.stream().anyMatch(PlannedWorkload::blocks)
                || !exceeded().isEmpty();
    }

    /** The parts of quotas that have room now and would have none. */
    List<QuotaUse> exceeded() {
        return totals.stream()
                .flatMap(total -> total.quotas().stream())
                .filter(QuotaUse::isExceeded)
                .toList();
    }

    /** How many workloads have a change of a kind. */
    long workloadsWith(Kind kind) {
        return count(workload -> workload.has(kind));
    }

    long unchanged() {
        return count(PlannedWorkload::isUnchanged);
    }

    long pods() {
        return workloads.stream().mapToLong(PlannedWorkload::pods).sum();
    }

    /** How many Pods the workloads have whose new Pods change. */
    long podsWithChanges() {
        return workloads.stream()
                .filter(PlannedWorkload::isChanged)
                .mapToLong(PlannedWorkload::pods)
                .sum();
    }

    private long count(Predicate<PlannedWorkload> condition) {
        return workloads.stream().filter(condition).count();
    }

    /** For example {@code 34 workloads with 60 Pods: 30 unchanged, 1 would be denied, 3 with gains}. */
    String summary() {
        List<String> counts = new ArrayList<>();
        counts.add(unchanged() + " unchanged");
        for (Kind kind : Kind.values()) {
            long count = workloadsWith(kind);
            if (count > 0) {
                counts.add(count + " " + words(kind));
            }
        }
        String summary = number(workloads.size(), "workload", "workloads") + " with " + number(pods(), "Pod", "Pods")
                + ": " + String.join(", ", counts);
        List<String> problems = new ArrayList<>(List.of(summary));
        if (!exceeded().isEmpty()) {
            problems.add(number(exceeded().size(), "limit of a quota", "limits of quotas") + " would be exceeded");
        }
        if (!broken.isEmpty()) {
            problems.add(number(broken.size(), "profile or policy", "profiles and policies") + " would not compile");
        }
        if (!brokenBefore.isEmpty()) {
            problems.add(number(brokenBefore.size(), "profile or policy does", "profiles and policies do")
                    + " not compile now");
        }
        return String.join("; ", problems);
    }

    private static String words(Kind kind) {
        return switch (kind) {
            case DENIED -> "would be denied";
            case REJECTED -> "would be rejected by the API server";
            case GAINS -> "with gains";
            case CHANGES -> "with changes";
            case LOSES -> "with losses";
            case ADMITTED -> "no longer denied";
            case STILL_DENIED -> "denied already";
            case STILL_REJECTED -> "rejected already";
            case UNMET -> "without a profile that a policy enforces";
            case AUDITED -> "with profiles of policies in Audit mode";
            case AUDITED_DENIAL -> "would be denied by policies in Audit mode";
        };
    }

    private static String number(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
