package dev.pillion.cli.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds companions that make a Pod violate a ResourceQuota of its namespace. */
public final class ResourceQuotaCheck implements InputCheck {

    @Override
    public List<String> findings(InjectedWorkload workload, NamespaceObjects objects) {
        List<String> findings = new ArrayList<>();
        String namespace = workload.namespace().name();
        if (!workload.pod().path("spec").path("resources").isEmpty()) {
            return findings;
        }
        List<JsonNode> ranges = objects.in(namespace, "LimitRange");
        for (JsonNode quota : objects.in(namespace, "ResourceQuota")) {
            JsonNode spec = quota.path("spec");
            if (!appliesTo(workload.pod().path("spec"), spec)) {
                continue;
            }
            for (String resource : ComputeResources.names()) {
                check(workload, quota, "requests", resource, spec.path("hard").path(resource), ranges, findings);
                for (String kind : List.of("requests", "limits")) {
                    JsonNode hard = spec.path("hard").path(kind + "." + resource);
                    check(workload, quota, kind, resource, hard, ranges, findings);
                }
            }
        }
        return findings;
    }

    /**
     * Whether a quota counts a Pod with companions. Such a Pod has requests, so it is not BestEffort. Quotas with other scopes are left out, since
     * they depend on more than the Pod.
     *
     * @param pod the spec of the Pod
     * @param quota the spec of the quota
     */
    public static boolean appliesTo(JsonNode pod, JsonNode quota) {
        boolean terminating = pod.path("activeDeadlineSeconds").isNumber();
        Set<String> matching = Set.of("NotBestEffort", terminating ? "Terminating" : "NotTerminating");
        for (JsonNode scope : quota.path("scopes")) {
            if (!matching.contains(scope.asText())) {
                return false;
            }
        }
        for (JsonNode scope : quota.path("scopeSelector").path("matchExpressions")) {
            if (!matching.contains(scope.path("scopeName").asText())
                    || !scope.path("operator").asText().equals("Exists")) {
                return false;
            }
        }
        return true;
    }

    private static void check(
            InjectedWorkload workload,
            JsonNode quota,
            String kind,
            String resource,
            JsonNode hard,
            List<JsonNode> ranges,
            List<String> findings) {
        Optional<BigDecimal> most = ComputeResources.quantity(hard);
        if (most.isEmpty()) {
            return;
        }
        for (JsonNode companion : workload.companions()) {
            if (ComputeResources.of(companion, kind, resource).isEmpty() && !hasDefault(ranges, kind, resource)) {
                findings.add(NamespaceObjects.title(quota) + " requires " + kind + "." + resource
                        + " of every container, and companion "
                        + companion.path("name").asText() + " has none; the API server rejects the Pods");
            }
        }
        ComputeResources.exceeding(workload, kind, resource, most.get())
                .ifPresent(
                        after -> findings.add(NamespaceObjects.title(quota) + " allows " + kind + "." + resource + " "
                                + hard.asText() + ", and one Pod with its companions has "
                                + ComputeResources.shown(resource, after) + "; the API server rejects it"));
    }

    private static boolean hasDefault(List<JsonNode> ranges, String kind, String resource) {
        for (JsonNode range : ranges) {
            for (JsonNode limit : range.path("spec").path("limits")) {
                boolean given = limit.path("default").has(resource)
                        || limit.path("max").has(resource)
                        || (kind.equals("requests")
                                && (limit.path("defaultRequest").has(resource)
                                        || limit.path("min").has(resource)));
                if (limit.path("type").asText().equals("Container") && given) {
                    return true;
                }
            }
        }
        return false;
    }
}
