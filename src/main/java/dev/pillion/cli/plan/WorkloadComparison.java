package dev.pillion.cli.plan;

import dev.pillion.catalog.Catalog;
import dev.pillion.cli.plan.PlannedChange.Kind;
import dev.pillion.cli.simulate.NamespaceObjects;
import dev.pillion.injection.Injector;
import dev.pillion.injection.audit.AdditionChange;
import dev.pillion.injection.uninject.Uninjector;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;

/** Compares what the new Pods of a workload get from two catalogs. */
final class WorkloadComparison {

    private final Injector injector;
    private final Catalog before;
    private final Catalog after;
    private final NamespaceObjects limits;
    private final NamespaceTotals totals;
    private final boolean diffs;

    /**
     * @param limits the ResourceQuotas and LimitRanges
     * @param totals receives the difference of each workload
     * @param diffs whether the result contains diffs
     */
    WorkloadComparison(
            Injector injector,
            PlannedCatalogs catalogs,
            NamespaceObjects limits,
            NamespaceTotals totals,
            boolean diffs) {
        this.injector = injector;
        this.before = catalogs.before();
        this.after = catalogs.after();
        this.limits = limits;
        this.totals = totals;
        this.diffs = diffs;
    }

    PlannedWorkload compare(LiveTemplate workload, Namespace namespace) throws MalformedPodException {
        Pod original = workload.isPod()
                ? Pod.of(Uninjector.uninject(workload.pod(), before).pod())
                : workload.pod();
        SimulatedPod now = SimulatedPod.of(original, namespace, injector, before, limits);
        SimulatedPod next = SimulatedPod.of(original, namespace, injector, after, limits);
        List<PlannedChange> changes = new ArrayList<>();
        next.denial(now.denied() ? Kind.STILL_DENIED : Kind.DENIED).ifPresent(changes::add);
        if (now.denied() && !next.denied()) {
            changes.add(PlannedChange.ofPod(Kind.ADMITTED, "its Pods are denied now"));
        }
        if (!next.denied()) {
            changes.addAll(rejections(now, next));
            AdditionChange.between(now.decision(), now.pod(), next.decision(), next.pod())
                    .forEach(change -> changes.add(PlannedChange.of(change)));
        }
        next.decision().plan().unmet().stream()
                .filter(unmet -> !now.decision().plan().unmet().contains(unmet))
                .map(PlannedChange::of)
                .forEach(changes::add);
        next.decision().plan().audited().stream()
                .filter(audited -> !now.decision().plan().audited().contains(audited))
                .map(PlannedChange::of)
                .forEach(changes::add);
        totals.add(workload, now.created(), next.created());
        PlannedWorkload planned =
                new PlannedWorkload(workload.namespace(), workload.title(), workload.pods(), changes, List.of());
        return diffs && planned.isChanged() && !now.denied() && !next.denied()
                ? new PlannedWorkload(
                        workload.namespace(), workload.title(), workload.pods(), changes, PodDiff.of(now, next))
                : planned;
    }

    /** A reason is new only if the Pods are created now. */
    private static List<PlannedChange> rejections(SimulatedPod now, SimulatedPod next) {
        Kind kind = now.denied() || !now.rejections().isEmpty() ? Kind.STILL_REJECTED : Kind.REJECTED;
        return next.rejections().stream()
                .map(rejection -> PlannedChange.ofPod(kind, rejection))
                .toList();
    }
}
