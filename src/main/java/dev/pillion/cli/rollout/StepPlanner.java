package dev.pillion.cli.rollout;

import dev.pillion.catalog.Catalog;
import dev.pillion.cli.rollout.Step.Action;
import dev.pillion.cluster.UnreachableClusterException;
import dev.pillion.cluster.WorkloadReader;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Injector;
import dev.pillion.injection.audit.AuditFinding;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Decides what to do with a workload that has Pods with missing or outdated companions. */
final class StepPlanner {

    private final WorkloadReader reader;
    private final Injector injector;
    private final Catalog catalog;
    private final Kubelets kubelets;
    private final boolean restartsAlways;
    private final OptionalInt maxUnavailable;

    /**
     * @param restartsAlways whether workloads are restarted although an update in place is enough
     * @param maxUnavailable how many Pods a restart may make unavailable; empty if the update strategy decides
     */
    StepPlanner(
            WorkloadReader reader,
            Injector injector,
            Catalog catalog,
            Kubelets kubelets,
            boolean restartsAlways,
            OptionalInt maxUnavailable) {
        this.reader = reader;
        this.injector = injector;
        this.catalog = catalog;
        this.kubelets = kubelets;
        this.restartsAlways = restartsAlways;
        this.maxUnavailable = maxUnavailable;
    }

    Step plan(WorkloadState workload) throws UnreachableClusterException {
        return plan(workload, true);
    }

    /** @param inPlace whether Pods may be updated in place */
    Step plan(WorkloadState workload, boolean inPlace) throws UnreachableClusterException {
        List<CheckedPod> outdated = workload.outdated();
        if (outdated.isEmpty()) {
            return unmet(workload);
        }
        Optional<String> obstacle = obstacle(workload);
        if (obstacle.isPresent()) {
            return step(workload, Action.NONE, outdated, List.of(obstacle.get()));
        }
        if (isRolloutOfUpToDatePods(workload)) {
            return step(workload, Action.WAIT, outdated, List.of("its Pods are being replaced by new ones"));
        }
        if (inPlace && !restartsAlways && kubelets.canUpdate(outdated)) {
            return step(workload, Action.IN_PLACE, outdated, reasons(outdated));
        }
        if (RolloutStatus.replacesOnDelete(workload.tree())) {
            return step(
                    workload,
                    Action.NONE,
                    outdated,
                    List.of(
                            "its update strategy is OnDelete, so a restart does not replace Pods; delete its Pods one by one"));
        }
        List<CheckedPod> replaced =
                outdated.stream().filter(pod -> isReplaced(pod, workload)).toList();
        if (replaced.isEmpty()) {
            return step(
                    workload,
                    Action.NONE,
                    outdated,
                    List.of(
                            "a restart does not replace Pods with an ordinal below the partition of its update strategy, "
                                    + RolloutStatus.partition(workload.tree())));
        }
        long unavailable = UnavailablePods.during(workload);
        if (maxUnavailable.isPresent() && unavailable > maxUnavailable.getAsInt()) {
            return step(
                    workload,
                    Action.NONE,
                    outdated,
                    List.of("its update strategy allows " + unavailable
                            + " unavailable Pods, and --max-unavailable allows " + maxUnavailable.getAsInt()));
        }
        return step(workload, Action.RESTART, replaced, reasons(replaced));
    }

    /** New Pods would lack these companions too. */
    private static Step unmet(WorkloadState workload) {
        List<CheckedPod> pods =
                workload.pods().stream().filter(CheckedPod::hasFindings).toList();
        List<String> why = new ArrayList<>(sentences(pods, CheckedPod::unmet));
        why.add("a restart does not help until Pillion can provide the profile");
        return step(workload, Action.NONE, pods, why);
    }

    private static List<String> reasons(List<CheckedPod> pods) {
        return sentences(pods, CheckedPod::outdated);
    }

    /** A sentence for each different finding. */
    private static List<String> sentences(List<CheckedPod> pods, Function<CheckedPod, List<AuditFinding>> findings) {
        return pods.stream()
                .flatMap(pod -> findings.apply(pod).stream())
                .map(finding ->
                        (finding.profile() + " (" + finding.kind() + "): ").stripLeading() + finding.description())
                .distinct()
                .toList();
    }

    private static Step step(WorkloadState workload, Action action, List<CheckedPod> pods, List<String> why) {
        return new Step(workload.target(), action, pods.size(), why);
    }

    /** Why the workload must not be restarted. */
    private Optional<String> obstacle(WorkloadState workload) {
        if (workload.tree().path("spec").path("paused").asBoolean()) {
            return Optional.of("it is paused");
        }
        List<String> lost = sentences(workload.pods(), CheckedPod::lostByRestart);
        if (!lost.isEmpty()) {
            return Optional.of("a restart would remove a companion that a policy enforces: " + String.join("; ", lost));
        }
        return Workload.of(workload.tree()).flatMap(template -> denial(template, workload));
    }

    private Optional<String> denial(Workload template, WorkloadState workload) {
        try {
            return injector.decide(template.pod(), workload.namespace(), catalog) instanceof Denied denied
                    ? Optional.of("its new Pods would be denied: " + denied.message())
                    : Optional.empty();
        } catch (MalformedPodException e) {
            return Optional.of("its Pod template cannot be read: " + e.getMessage());
        }
    }

    /** Whether a rollout is in progress, and all Pods that the current template has so far are up to date. */
    private boolean isRolloutOfUpToDatePods(WorkloadState workload) throws UnreachableClusterException {
        if (workload.status() instanceof RolloutStatus.Complete || RolloutStatus.replacesOnDelete(workload.tree())) {
            return false;
        }
        TemplateRevision current = TemplateRevision.of(workload, reader);
        return workload.outdated().stream().noneMatch(pod -> current.isOf(pod.pod()));
    }

    /** Whether a restart replaces the Pod: a StatefulSet keeps the Pods with an ordinal below its partition. */
    private static boolean isReplaced(CheckedPod checked, WorkloadState workload) {
        long partition = RolloutStatus.partition(workload.tree());
        String name = checked.pod().name();
        String number = name.substring(name.lastIndexOf('-') + 1);
        return partition == 0 || !number.matches("\\d{1,9}") || Integer.parseInt(number) >= partition;
    }
}
