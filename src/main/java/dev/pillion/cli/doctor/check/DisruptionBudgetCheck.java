package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.LabelSelector;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A PodDisruptionBudget allows the eviction of one replica at a time. */
final class DisruptionBudgetCheck implements Check {

    @Override
    public CheckId id() {
        return CheckId.DISRUPTION_BUDGET;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        Optional<JsonNode> deployment = inspection.deployment();
        Map<String, String> labels =
                deployment.map(PillionWorkload::labels).orElse(Map.of("app.kubernetes.io/name", Inspection.PILLION));
        List<JsonNode> budgets = inspection.list(Resource.DISRUPTION_BUDGET).stream()
                .filter(budget -> selects(budget.path("spec").path("selector"), labels))
                .toList();
        Findings findings = new Findings(id());
        if (budgets.isEmpty()) {
            findings.warning(
                    "No PodDisruptionBudget selects Pillion's Pods, so a drain of nodes can evict all replicas at once",
                    "Apply deploy/base/disruption-budget.yaml (chart: podDisruptionBudget.enabled)");
        } else if (budgets.size() > 1) {
            findings.warning(
                    budgets.size()
                            + " PodDisruptionBudgets select Pillion's Pods, so the API server rejects every eviction",
                    "Keep only the PodDisruptionBudget of the manifests");
        } else if (blocksEvictions(budgets.getFirst(), deployment)) {
            findings.warning(
                    "PodDisruptionBudget " + PillionWorkload.name(budgets.getFirst())
                            + " allows no disruption although all replicas are ready, so nodes cannot be drained",
                    "Set maxUnavailable: 1, as deploy/base/disruption-budget.yaml does");
        }
        return findings.orOk("A PodDisruptionBudget allows the eviction of one replica at a time");
    }

    /** A budget without a selector selects no Pod; an empty selector selects all. */
    private static boolean selects(JsonNode selector, Map<String, String> labels) {
        return selector.isObject() && LabelSelector.ofStored(selector).matches(labels);
    }

    private static boolean blocksEvictions(JsonNode budget, Optional<JsonNode> deployment) {
        int wanted = deployment
                .map(found -> found.path("spec").path("replicas").asInt(1))
                .orElse(0);
        return budget.path("status").path("disruptionsAllowed").asInt() == 0
                && wanted > 0
                && DeploymentCheck.ready(deployment) >= wanted;
    }
}
