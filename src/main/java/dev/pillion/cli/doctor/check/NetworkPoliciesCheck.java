package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.LabelSelector;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * NetworkPolicies let the API server reach Pillion's port for reviews, and Pillion the API server. This is an estimate: a policy names addresses and
 * Pods, the address of the API server depends on the cluster, and network plug-ins have further kinds of policies.
 */
final class NetworkPoliciesCheck implements Check {

    private static final String LABEL = "kubernetes.io/service-name=kubernetes";

    private static final String ESTIMATE =
            " (an estimate: it depends on the network plug-in and the address of the API server)";

    @Override
    public CheckId id() {
        return CheckId.NETWORK_POLICIES;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        Map<String, String> labels = inspection
                .deployment()
                .map(PillionWorkload::labels)
                .orElse(Map.of("app.kubernetes.io/name", Inspection.PILLION));
        List<JsonNode> policies = inspection.list(Resource.NETWORK_POLICY).stream()
                .filter(policy -> LabelSelector.ofStored(policy.path("spec").path("podSelector"))
                        .matches(labels))
                .toList();
        Findings findings = new Findings(id());
        checkIngress(
                policies.stream().filter(NetworkPoliciesCheck::limitsIngress).toList(), findings);
        checkEgress(policies.stream().filter(NetworkPoliciesCheck::limitsEgress).toList(), inspection, findings);
        return findings.orOk(
                policies.isEmpty()
                        ? "No NetworkPolicy selects Pillion's Pods"
                        : "NetworkPolicy " + names(policies) + " allows reviews and the API server");
    }

    /** A connection is allowed if one of the policies allows it. */
    private static void checkIngress(List<JsonNode> policies, Findings findings) {
        if (policies.isEmpty()) {
            return;
        }
        List<JsonNode> rules = policies.stream()
                .flatMap(policy -> policy.path("spec").path("ingress").valueStream())
                .filter(rule -> allowsPort(rule, Inspection.WEBHOOK_PORT))
                .toList();
        if (rules.isEmpty()) {
            findings.failed(
                    "NetworkPolicy " + names(policies) + " blocks port " + Inspection.WEBHOOK_PORT
                            + " of Pillion's Pods, so the API server cannot call Pillion" + ESTIMATE,
                    "Allow port " + Inspection.WEBHOOK_PORT
                            + " from everywhere, as deploy/base/network-policy.yaml does");
        } else if (rules.stream().noneMatch(NetworkPoliciesCheck::isFromEverywhere)) {
            findings.warning(
                    "NetworkPolicy " + names(policies) + " allows port " + Inspection.WEBHOOK_PORT
                            + " only from some addresses. It is not known whether these include the API server",
                    "Compare the addresses with those of the control plane, or allow the port from everywhere, as"
                            + " deploy/base/network-policy.yaml does");
        }
    }

    private static void checkEgress(List<JsonNode> policies, Inspection inspection, Findings findings)
            throws UnreachableClusterException {
        if (policies.isEmpty()) {
            return;
        }
        try {
            for (int port : apiServerPorts(inspection)) {
                boolean allowed = policies.stream()
                        .flatMap(policy -> policy.path("spec").path("egress").valueStream())
                        .anyMatch(rule -> allowsPort(rule, port));
                if (!allowed) {
                    findings.warning(
                            "NetworkPolicy " + names(policies) + " does not allow connections to port " + port
                                    + ", at which the API server listens" + ESTIMATE,
                            "Add the port to the rule for the API server (deploy/base/network-policy.yaml)");
                }
            }
        } catch (MissingRightException e) {
            findings.unknown(e);
        }
    }

    private static TreeSet<Integer> apiServerPorts(Inspection inspection)
            throws MissingRightException, UnreachableClusterException {
        TreeSet<Integer> ports = new TreeSet<>();
        for (JsonNode slice : inspection.list(Resource.ENDPOINT_SLICE, "default", LABEL)) {
            slice.path("ports").forEach(port -> ports.add(port.path("port").asInt()));
        }
        return ports;
    }

    /** A policy without types limits incoming connections, and outgoing ones if it has rules for them. */
    private static boolean limitsIngress(JsonNode policy) {
        return types(policy).isEmpty() || types(policy).contains("Ingress");
    }

    private static boolean limitsEgress(JsonNode policy) {
        return types(policy).contains("Egress")
                || types(policy).isEmpty()
                        && !policy.path("spec").path("egress").isEmpty();
    }

    private static List<String> types(JsonNode policy) {
        List<String> types = new ArrayList<>();
        policy.path("spec").path("policyTypes").forEach(type -> types.add(type.asText()));
        return types;
    }

    /** A rule without ports allows all ports. A name is that of a port of Pillion's container. */
    private static boolean allowsPort(JsonNode rule, int port) {
        JsonNode ports = rule.path("ports");
        return ports.isEmpty()
                || ports.valueStream()
                        .filter(each -> each.path("protocol").asText("TCP").equals("TCP"))
                        .anyMatch(each -> includes(each, port));
    }

    private static boolean includes(JsonNode allowed, int port) {
        JsonNode first = allowed.path("port");
        if (first.isMissingNode()) {
            return true;
        }
        if (first.isTextual()) {
            return first.asText().equals("https") && port == Inspection.WEBHOOK_PORT;
        }
        return port >= first.asInt() && port <= allowed.path("endPort").asInt(first.asInt());
    }

    private static boolean isFromEverywhere(JsonNode rule) {
        return rule.path("from").isEmpty()
                || rule.path("from").valueStream().anyMatch(peer -> {
                    JsonNode block = peer.path("ipBlock");
                    return block.path("cidr").asText().matches("0\\.0\\.0\\.0/0|::/0")
                            && block.path("except").isEmpty();
                });
    }

    private static String names(List<JsonNode> policies) {
        return Sentences.list(policies.stream().map(PillionWorkload::name).toList());
    }
}
