package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares a webhook with that of the manifests. An installation may change its timeout, the excluded namespaces, and the failure policies that the
 * chart has values for: the check {@code outage} says what those mean.
 */
final class WebhookComparison {

    /** Shorter than this, the API server cannot retry a review after a second. */
    private static final int SHORTEST_TIMEOUT = 2;

    /** Longer than this, Pods are created very slowly while Pillion does not answer. */
    private static final int LONGEST_TIMEOUT = 10;

    private static final Set<String> CHANGEABLE_FAILURE_POLICY =
            Set.of(InstalledWebhooks.MUTATE, InstalledWebhooks.STRICT);

    private final JsonNode shipped;
    private final JsonNode installed;
    private final String namespace;
    private final Findings findings;
    private final String name;

    WebhookComparison(JsonNode shipped, JsonNode installed, String namespace, Findings findings) {
        this.shipped = shipped;
        this.installed = installed;
        this.namespace = namespace;
        this.findings = findings;
        this.name = "Webhook " + installed.path("name").asText();
    }

    void run() {
        checkService();
        checkRules();
        checkText("matchPolicy", "Equivalent");
        checkText("sideEffects", "");
        checkText("reinvocationPolicy", "");
        if (!CHANGEABLE_FAILURE_POLICY.contains(installed.path("name").asText())) {
            checkText("failurePolicy", "Fail");
        }
        checkTimeout();
        new NamespaceSelection(shipped, installed, namespace, findings).compare();
        checkConditions();
        if (!installed.path("objectSelector").isEmpty()) {
            findings.warning(
                    name + " has an objectSelector, so the API server does not call Pillion for all Pods",
                    "Remove it. Users can change the labels of their Pods");
        }
    }

    private void checkService() {
        JsonNode wanted = shipped.path("clientConfig").path("service");
        JsonNode present = installed.path("clientConfig").path("service");
        String target = target(present, present.path("namespace").asText());
        if (present.isMissingNode()) {
            findings.warning(
                    name + " calls the URL "
                            + installed.path("clientConfig").path("url").asText() + " instead of Pillion's Service",
                    "Check that Pillion answers at this URL");
        } else if (!target.equals(target(wanted, namespace))) {
            findings.failed(
                    name + " calls " + target + " instead of " + target(wanted, namespace), WebhooksCheck.APPLY);
        }
    }

    private static String target(JsonNode service, String namespace) {
        return "Service " + namespace + "/" + service.path("name").asText() + ":"
                + service.path("port").asInt(ServiceCheck.PORT)
                + service.path("path").asText();
    }

    private void checkRules() {
        if (!ruleSet(shipped).equals(ruleSet(installed))) {
            findings.failed(
                    name + " has other rules than the manifests: " + installed.path("rules"), WebhooksCheck.APPLY);
        }
    }

    /** The order of the rules and of their values does not matter. */
    private static Set<Map<String, Object>> ruleSet(JsonNode webhook) {
        Set<Map<String, Object>> rules = new HashSet<>();
        for (JsonNode rule : webhook.path("rules")) {
            Map<String, Object> fields = new HashMap<>();
            fields.put("scope", rule.path("scope").asText("*"));
            for (String field : Set.of("apiGroups", "apiVersions", "operations", "resources")) {
                fields.put(field, texts(rule.path(field)));
            }
            rules.add(fields);
        }
        return rules;
    }

    static Set<String> texts(JsonNode list) {
        Set<String> texts = new TreeSet<>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    /** @param byDefault the value of the API server if the field is absent */
    private void checkText(String field, String byDefault) {
        String wanted = shipped.path(field).asText(byDefault);
        String present = installed.path(field).asText(byDefault);
        if (!wanted.isEmpty() && !wanted.equals(present)) {
            findings.failed(
                    name + " has " + field + " " + (present.isEmpty() ? "Never" : present) + " instead of " + wanted,
                    WebhooksCheck.APPLY);
        }
    }

    private void checkTimeout() {
        int seconds = installed.path("timeoutSeconds").asInt(LONGEST_TIMEOUT);
        if (seconds < SHORTEST_TIMEOUT) {
            findings.warning(
                    name + " has timeoutSeconds " + seconds + ", which leaves no time for a retry",
                    "Set it to " + shipped.path("timeoutSeconds").asInt() + " (chart: webhooks.timeoutSeconds)");
        } else if (seconds > LONGEST_TIMEOUT) {
            findings.warning(
                    name + " has timeoutSeconds " + seconds
                            + ". If Pillion does not answer, the API server waits that long before it creates a Pod",
                    "Set it to " + shipped.path("timeoutSeconds").asInt() + " (chart: webhooks.timeoutSeconds)");
        }
    }

    private void checkConditions() {
        Map<String, String> wanted = conditions(shipped);
        Map<String, String> present = conditions(installed);
        wanted.forEach((condition, expression) -> {
            if (!Objects.equals(present.get(condition), expression)) {
                findings.warning(
                        name + (present.containsKey(condition) ? " has another" : " has no") + " matchCondition "
                                + condition,
                        WebhooksCheck.APPLY + ". Kubernetes has matchConditions by default from 1.28");
            }
        });
        present.keySet().stream()
                .filter(condition -> !wanted.containsKey(condition))
                .forEach(condition -> findings.warning(
                        name + " has a matchCondition that is not in the manifests: " + condition,
                        "Check that Pillion should not be called for the Pods that it excludes"));
    }

    private static Map<String, String> conditions(JsonNode webhook) {
        Map<String, String> conditions = new HashMap<>();
        webhook.path("matchConditions")
                .forEach(each -> conditions.put(
                        each.path("name").asText(),
                        each.path("expression").asText().strip()));
        return conditions;
    }
}
