package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.LabelSelector;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Other mutating webhooks change Pods before Pillion. The API server calls webhook configurations in the order of their names
 * (k8s.io/apiserver, {@code mutatingWebhookConfigurationManager}), so one with a later name sees and can change companions.
 */
final class OtherWebhooksCheck implements Check {

    private static final String FIX =
            "Give the other configuration a name before 'pillion' in alphabetical order, or accept"
                    + " what it adds: docs/enforcement.md#accept-what-your-cluster-adds";

    @Override
    public CheckId id() {
        return CheckId.OTHER_WEBHOOKS;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        List<JsonNode> namespaces = inspection.list(Resource.NAMESPACE);
        boolean calledAgain = InstalledWebhooks.read(inspection)
                .named(InstalledWebhooks.MUTATE)
                .filter(webhook -> webhook.path("reinvocationPolicy").asText().equals("IfNeeded"))
                .isPresent();
        Findings findings = new Findings(id());
        List<String> before = new ArrayList<>();
        for (JsonNode configuration : inspection.list(Resource.MUTATING_WEBHOOKS)) {
            String name = PillionWorkload.name(configuration);
            if (name.equals(Inspection.PILLION) || !changesPods(configuration, namespaces)) {
                continue;
            }
            if (name.compareTo(Inspection.PILLION) < 0) {
                before.add(described(name));
            } else if (calledAgain) {
                findings.warning(
                        described(name)
                                + " runs after Pillion and can change companions. Pillion is called again and adds"
                                + " removed companions, but does not undo changes",
                        FIX);
            } else {
                findings.failed(
                        described(name)
                                + " runs after Pillion and can remove companions, and Pillion is not called again",
                        "Set reinvocationPolicy: IfNeeded on " + InstalledWebhooks.MUTATE + ". " + FIX);
            }
        }
        return findings.orOk(
                before.isEmpty()
                        ? "No other mutating webhook changes Pods"
                        : "Other mutating webhooks run before Pillion: " + Sentences.list(before));
    }

    private static String described(String name) {
        return KnownWebhook.named(name)
                .map(known -> known.software() + " (" + name + "; " + known.advice() + ")")
                .orElse("Webhook configuration " + name);
    }

    /** A webhook for labels that no namespace has is not called. Its objectSelector is not read, because the labels of future Pods are not known. */
    private static boolean changesPods(JsonNode configuration, List<JsonNode> namespaces) {
        return configuration
                .path("webhooks")
                .valueStream()
                .filter(webhook -> webhook.path("rules").valueStream().anyMatch(OtherWebhooksCheck::matchesPods))
                .map(webhook -> LabelSelector.ofStored(webhook.path("namespaceSelector")))
                .anyMatch(selector -> namespaces.stream()
                        .anyMatch(namespace -> selector.matches(PillionWorkload.labelsOf(namespace))));
    }

    private static boolean matchesPods(JsonNode rule) {
        return hasAny(rule.path("apiGroups"), Set.of("", "*"))
                && hasAny(rule.path("operations"), Set.of("CREATE", "*"))
                && hasAny(rule.path("resources"), Set.of("pods", "*", "*/*"));
    }

    private static boolean hasAny(JsonNode list, Set<String> values) {
        return list.valueStream().anyMatch(each -> values.contains(each.asText()));
    }
}
