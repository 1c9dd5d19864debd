package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.List;
import java.util.Optional;

/** All replicas of Pillion are ready. */
final class DeploymentCheck implements Check {

    private static final String RUNBOOK = "Follow docs/operations.md#pilliondown";

    @Override
    public CheckId id() {
        return CheckId.DEPLOYMENT;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        Optional<JsonNode> deployment = inspection.deployment();
        Findings findings = new Findings(id());
        if (deployment.isEmpty()) {
            findings.failed(
                    "Deployment " + inspection.namespace() + "/" + Inspection.PILLION + " does not exist",
                    "Install Pillion (deploy/README.md), or give its namespace by --namespace");
            return findings.list();
        }
        int wanted = deployment.get().path("spec").path("replicas").asInt(1);
        int ready = ready(deployment);
        String state = ready + " of " + Sentences.count(wanted, "replica") + " ready";
        if (ready == 0) {
            findings.failed("No replica is ready" + problems(inspection), RUNBOOK);
        } else if (ready < wanted) {
            findings.warning(state + problems(inspection), "Follow docs/operations.md#pillionreplicadown");
        } else if (wanted < 2) {
            findings.warning(
                    "Pillion has one replica, so each restart is an outage",
                    "Run: kubectl -n " + inspection.namespace() + " scale deployment/pillion --replicas=2");
        }
        return findings.orOk(state);
    }

    static int ready(Optional<JsonNode> deployment) {
        return deployment
                .map(found -> found.path("status").path("readyReplicas").asInt())
                .orElse(0);
    }

    /** Why Pods are not ready, if their status says so. */
    private static String problems(Inspection inspection) throws UnreachableClusterException {
        try {
            List<String> problems = inspection.pods().stream()
                    .flatMap(pod -> pod.path("status")
                            .path("containerStatuses")
                            .valueStream()
                            .filter(status -> !status.path("ready").asBoolean())
                            .map(status -> PillionWorkload.name(pod) + " "
                                    + status.path("state")
                                            .path("waiting")
                                            .path("reason")
                                            .asText("is not ready")))
                    .toList();
            return problems.isEmpty() ? "" : ": " + Sentences.list(problems);
        } catch (MissingRightException e) {
            return ". The Pods were not read: you may not " + e.right();
        }
    }
}
