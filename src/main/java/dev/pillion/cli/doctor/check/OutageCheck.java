package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.catalog.LabelSelector;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What happens to new Pods while Pillion is unavailable: strict namespaces and failure policies. */
final class OutageCheck implements Check {

    private static final String LABEL = "pillion.dev/enforcement";
    private static final String STRICT = "strict";

    @Override
    public CheckId id() {
        return CheckId.OUTAGE;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        InstalledWebhooks webhooks = InstalledWebhooks.read(inspection);
        LabelSelector selected = LabelSelector.ofStored(webhooks.named(InstalledWebhooks.STRICT)
                .map(webhook -> webhook.path("namespaceSelector"))
                .orElse(MissingNode.getInstance()));
        List<String> strict = new ArrayList<>();
        List<String> excluded = new ArrayList<>();
        for (JsonNode namespace : inspection.list(Resource.NAMESPACE)) {
            Map<String, String> labels = PillionWorkload.labelsOf(namespace);
            if (STRICT.equals(labels.get(LABEL))) {
                (selected.matches(labels) ? strict : excluded).add(PillionWorkload.name(namespace));
            }
        }
        Findings findings = new Findings(id());
        if (!excluded.isEmpty()) {
            findings.warning(
                    "The label " + LABEL + "=" + STRICT + " has no effect in " + named(excluded)
                            + ", because the webhook " + InstalledWebhooks.STRICT + " excludes this namespace",
                    "Remove the label, or stop excluding the namespace (chart: webhooks.excludedNamespaces)");
        }
        if (failsClosed(webhooks, InstalledWebhooks.MUTATE)) {
            findings.warning(
                    "Webhook " + InstalledWebhooks.MUTATE
                            + " has failurePolicy Fail: while Pillion is unavailable, no Pod starts in any namespace that is"
                            + " not excluded",
                    "Set failurePolicy: Ignore (chart: webhooks.mutate.failurePolicy), and label the namespaces that need"
                            + " it: docs/policies.md#deny-pods-without-enforced-companions");
        }
        checkStrict(strict, failsClosed(webhooks, InstalledWebhooks.STRICT), inspection, findings);
        return findings.orOk(
                strict.isEmpty()
                        ? "No namespace is strict: while Pillion is unavailable, Pods start without companions"
                        : "While Pillion is unavailable, no Pod starts in the strict " + named(strict)
                                + ". Pods of other namespaces start without companions");
    }

    private static void checkStrict(List<String> strict, boolean failsClosed, Inspection inspection, Findings findings)
            throws MissingRightException, UnreachableClusterException {
        if (strict.isEmpty()) {
            return;
        }
        int ready = DeploymentCheck.ready(inspection.deployment());
        if (!failsClosed) {
            findings.warning(
                    "Webhook " + InstalledWebhooks.STRICT + " does not fail closed: while Pillion is unavailable, Pods"
                            + " start without enforced companions in the strict " + named(strict),
                    "Set failurePolicy: Fail (chart: webhooks.strict.failurePolicy), or remove the label " + LABEL);
        } else if (ready == 0) {
            findings.failed(
                    "No replica is ready, so no Pod starts in the strict " + named(strict),
                    "Make a replica ready, or follow docs/operations.md#let-pods-start-while-pillion-is-unavailable");
        } else if (ready == 1) {
            findings.warning(
                    "Only one replica is ready. Without it, no Pod starts in the strict " + named(strict),
                    "Run at least two replicas");
        }
    }

    private static boolean failsClosed(InstalledWebhooks webhooks, String name) {
        return webhooks.named(name)
                .filter(webhook -> webhook.path("failurePolicy").asText("Fail").equals("Fail"))
                .isPresent();
    }

    private static String named(List<String> namespaces) {
        return (namespaces.size() == 1 ? "namespace " : "namespaces ") + Sentences.list(namespaces);
    }
}
