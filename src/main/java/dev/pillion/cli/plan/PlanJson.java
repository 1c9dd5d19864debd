package dev.pillion.cli.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.live.NotCompiled;
import dev.pillion.cli.plan.NamespaceTotals.QuotaUse;
import dev.pillion.cli.plan.NamespaceTotals.Total;
import dev.pillion.cli.plan.PlannedChange.Kind;
import java.util.List;

/** A plan for other programs. It also contains the workloads that do not change. */
final class PlanJson {

    private PlanJson() {}

    static ObjectNode of(ClusterPlan plan) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        addSummary(plan, root.putObject("summary"));
        ArrayNode workloads = root.putArray("workloads");
        plan.workloads().forEach(workload -> addWorkload(workload, workloads.addObject()));
        ArrayNode namespaces = root.putArray("namespaces");
        plan.totals().forEach(total -> addTotal(total, namespaces.addObject()));
        addNotCompiled(plan.broken(), root.putArray("wouldNotCompile"));
        addNotCompiled(plan.brokenBefore(), root.putArray("doNotCompileNow"));
        return root;
    }

    private static void addSummary(ClusterPlan plan, ObjectNode summary) {
        summary.put("blocked", plan.blocks())
                .put("workloads", plan.workloads().size())
                .put("pods", plan.pods())
                .put("podsOfChangedWorkloads", plan.podsWithChanges())
                .put("unchanged", plan.unchanged());
        for (Kind kind : Kind.values()) {
            summary.put(kind.toString(), plan.workloadsWith(kind));
        }
        summary.put("quotasExceeded", plan.exceeded().size());
    }

    private static void addWorkload(PlannedWorkload workload, ObjectNode object) {
        object.put("namespace", workload.namespace())
                .put("workload", workload.title())
                .put("pods", workload.pods());
        ArrayNode changes = object.putArray("changes");
        for (PlannedChange change : workload.changes()) {
            ObjectNode each = changes.addObject()
                    .put("change", change.kind().toString())
                    .put("profile", change.profile())
                    .put("requestedBy", change.requestedBy())
                    .put("detail", change.detail());
            if (change.kind() == Kind.CHANGES) {
                change.differences().forEach(each.putArray("differences")::add);
            }
        }
        if (!workload.diff().isEmpty()) {
            object.put("diff", String.join("\n", workload.diff()));
        }
    }

    private static void addTotal(Total total, ObjectNode object) {
        object.put("namespace", total.namespace());
        ObjectNode added = object.putObject("added");
        PodAmounts.NAMES.forEach(name -> added.put(name, total.quantity(name)));
        ArrayNode quotas = object.putArray("quotas");
        for (QuotaUse quota : total.quotas()) {
            quotas.addObject()
                    .put("quota", quota.quota())
                    .put("resource", quota.resource())
                    .put("used", quota.shown(quota.used()))
                    .put("added", quota.shown(quota.added()))
                    .put("hard", quota.shown(quota.hard()))
                    .put("exceeded", quota.isExceeded());
        }
    }

    private static void addNotCompiled(List<NotCompiled> list, ArrayNode array) {
        list.forEach(each -> each.addTo(array));
    }
}
