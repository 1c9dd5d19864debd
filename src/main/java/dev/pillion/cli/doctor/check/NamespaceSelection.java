package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;

/** Compares the namespaceSelector of a webhook with that of the manifests. An installation may exclude more namespaces. */
final class NamespaceSelection {

    private static final String NAME_LABEL = "kubernetes.io/metadata.name";

    private final JsonNode shipped;
    private final JsonNode installed;
    private final String namespace;
    private final Findings findings;
    private final String name;

    NamespaceSelection(JsonNode shipped, JsonNode installed, String namespace, Findings findings) {
        this.shipped = shipped;
        this.installed = installed;
        this.namespace = namespace;
        this.findings = findings;
        this.name = "Webhook " + installed.path("name").asText();
    }

    void compare() {
        Set<JsonNode> others = new HashSet<>();
        Set<String> excluded = new HashSet<>();
        for (JsonNode expression : installed.path("namespaceSelector").path("matchExpressions")) {
            if (isExclusion(expression)) {
                excluded.addAll(WebhookComparison.texts(expression.path("values")));
            } else {
                others.add(expression);
            }
        }
        for (JsonNode wanted : shipped.path("namespaceSelector").path("matchExpressions")) {
            if (isExclusion(wanted)) {
                checkExcluded(wanted, excluded);
            } else if (!others.remove(wanted)) {
                findings.failed(name + " does not select namespaces by " + wanted, WebhooksCheck.APPLY);
            }
        }
        JsonNode labels = installed.path("namespaceSelector").path("matchLabels");
        if (!others.isEmpty() || !labels.isEmpty()) {
            findings.warning(
                    name
                            + " has a namespaceSelector with more conditions than the manifests, so the API server does not"
                            + " call Pillion for all namespaces",
                    "Exclude namespaces by their names (deploy/README.md), or check that the selector is intended");
        }
    }

    private static boolean isExclusion(JsonNode expression) {
        return expression.path("key").asText().equals(NAME_LABEL)
                && expression.path("operator").asText().equals("NotIn");
    }

    private void checkExcluded(JsonNode wanted, Set<String> excluded) {
        boolean closed = installed.path("failurePolicy").asText("Fail").equals("Fail");
        for (String each : WebhookComparison.texts(wanted.path("values"))) {
            String required = each.equals(Inspection.PILLION) ? namespace : each;
            if (!excluded.contains(required)) {
                String sentence = name + " does not exclude namespace " + required;
                String fix = "Add " + required + " to the excluded namespaces (chart: webhooks.excludedNamespaces)";
                if (closed && required.equals(namespace)) {
                    findings.failed(
                            sentence + " and has failurePolicy Fail, so Pillion cannot start after an outage", fix);
                } else {
                    findings.warning(sentence, fix);
                }
            }
        }
    }
}
