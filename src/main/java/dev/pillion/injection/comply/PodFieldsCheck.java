package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.pod.Pod;
import dev.pillion.pod.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Checks the fields of a Pod's spec beside its containers, which can change what an enforced companion runs. See {@link PodFields}. */
final class PodFieldsCheck {

    private static final Set<String> DNS_POLICIES = Set.of("", "ClusterFirst", "ClusterFirstWithHostNet");

    private final Pod pod;
    private final Set<String> tolerated;

    /** Name servers, searches and host aliases that enforced profiles add themselves. */
    private final Set<JsonNode> added = new HashSet<>();

    private final Set<String> addedFields = new HashSet<>();
    private final List<String> findings = new ArrayList<>();

    /**
     * @param tolerated names of fields that others may set
     * @param enforced the profiles, whose own additions to these fields are correct
     */
    PodFieldsCheck(Pod pod, Set<String> tolerated, List<RenderedProfile> enforced) {
        this.pod = pod;
        this.tolerated = tolerated;
        for (RenderedProfile each : enforced) {
            Map<String, JsonNode> fields = each.pod();
            fields.getOrDefault("hostAliases", MissingNode.getInstance()).forEach(added::add);
            JsonNode dns = fields.getOrDefault("dnsConfig", MissingNode.getInstance());
            dns.path("nameservers").forEach(added::add);
            dns.path("searches").forEach(added::add);
            if (fields.getOrDefault("shareProcessNamespace", MissingNode.getInstance())
                    .asBoolean()) {
                addedFields.add("shareProcessNamespace");
            }
        }
    }

    /**
     * A sentence for each field that is wrong.
     *
     * @param profileResources by companion, its requests and limits as its profile sets them
     * @param texts all texts of the companions and their files
     */
    List<String> findings(Map<String, JsonNode> profileResources, Supplier<List<String>> texts) {
        isolation();
        names(texts);
        security();
        budget(profileResources);
        find("ephemeralContainers", !pod.spec("ephemeralContainers").isEmpty(), "cannot be part of a new Pod");
        return findings;
    }

    private void isolation() {
        for (String field : List.of("hostIPC", "hostPID", "shareProcessNamespace")) {
            find(field, pod.spec(field).asBoolean(), "gives the app access to its companions");
        }
    }

    private void names(Supplier<List<String>> texts) {
        find(
                "dnsConfig",
                pod.spec("dnsConfig").path("nameservers").valueStream().anyMatch(element -> !added.contains(element)),
                "has nameservers, which decide where companions connect to");
        String policy = pod.spec("dnsPolicy").asText("");
        find("dnsPolicy", !DNS_POLICIES.contains(policy), "keeps companions from finding Services");
        new PodHostNames(pod)
                .redirections(added, texts)
                .forEach(redirection -> find(redirection.field(), true, redirection.reason()));
    }

    private void security() {
        JsonNode context = pod.spec("securityContext");
        String appArmor = context.path("appArmorProfile").path("type").asText("RuntimeDefault");
        boolean label = false;
        for (Map.Entry<String, JsonNode> option : context.path("seLinuxOptions").properties()) {
            label |= !option.getKey().equals("level")
                    && !option.getValue().asText("").isEmpty();
        }
        boolean windows = !context.path("windowsOptions").isEmpty();
        find(
                "securityContext",
                !appArmor.equals("RuntimeDefault") || label || windows,
                "weakens or stops companions by its "
                        + (windows ? "windowsOptions" : label ? "seLinuxOptions" : "appArmorProfile"));
    }

    private void budget(Map<String, JsonNode> profileResources) {
        for (Map.Entry<String, JsonNode> limit :
                pod.spec("resources").path("limits").properties()) {
            Optional<BigDecimal> most = Quantity.amount(limit.getValue().asText());
            for (Map.Entry<String, JsonNode> companion : profileResources.entrySet()) {
                Optional<BigDecimal> request = Quantity.amount(companion
                        .getValue()
                        .path("requests")
                        .path(limit.getKey())
                        .asText());
                if (request.isPresent()
                        && most.filter(amount -> amount.compareTo(request.get()) >= 0)
                                .isEmpty()) {
                    find(
                            "resources",
                            true,
                            "limits " + limit.getKey() + " to less than companion " + companion.getKey() + " requests");
                    return;
                }
            }
        }
    }

    private void find(String field, boolean wrong, String problem) {
        if (wrong && !tolerated.contains(field) && !addedFields.contains(field)) {
            findings.add("spec." + field + " " + problem);
        }
    }
}
