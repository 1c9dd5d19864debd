package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Both webhook configurations are those of the manifests, except for what an installation may change. */
final class WebhooksCheck implements Check {

    static final String APPLY = "Apply your overlay again, or run helm upgrade";

    @Override
    public CheckId id() {
        return CheckId.WEBHOOKS;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        InstalledWebhooks installed = InstalledWebhooks.read(inspection);
        Findings findings = new Findings(id());
        compare(ShippedManifests.mutatingWebhooks(), installed.mutating(), inspection.namespace(), findings);
        compare(ShippedManifests.validatingWebhooks(), installed.validating(), inspection.namespace(), findings);
        return findings.orOk("The webhook configurations fit those of version " + inspection.version());
    }

    private static void compare(JsonNode shipped, Optional<JsonNode> installed, String namespace, Findings findings) {
        String kind = shipped.path("kind").asText();
        if (installed.isEmpty()) {
            findings.failed(
                    kind + " " + Inspection.PILLION + " does not exist, so the API server does not call Pillion",
                    APPLY);
            return;
        }
        Set<String> expected = new HashSet<>();
        for (JsonNode webhook : shipped.path("webhooks")) {
            String name = webhook.path("name").asText();
            expected.add(name);
            Optional<JsonNode> present = installed
                    .get()
                    .path("webhooks")
                    .valueStream()
                    .filter(each -> each.path("name").asText().equals(name))
                    .findFirst();
            if (present.isEmpty()) {
                findings.failed("Webhook " + name + " is missing in " + kind + " " + Inspection.PILLION, APPLY);
            } else {
                new WebhookComparison(webhook, present.get(), namespace, findings).run();
            }
        }
        installed
                .get()
                .path("webhooks")
                .valueStream()
                .map(webhook -> webhook.path("name").asText())
                .filter(name -> !expected.contains(name))
                .forEach(name -> findings.warning(
                        "Webhook " + name + " in " + kind + " " + Inspection.PILLION + " is not in the manifests",
                        "Remove it, or move it into a configuration of its own"));
    }
}
