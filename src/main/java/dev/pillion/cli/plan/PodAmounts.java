package dev.pillion.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.simulate.ComputeResources;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The requests and limits of a Pod by their names in quotas: {@code requests.cpu}, {@code limits.memory}, and so on. */
final class PodAmounts {

    static final List<String> NAMES = List.of("requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

    private PodAmounts() {}

    /**
     * How much more a Pod needs than another.
     *
     * @param ranges the LimitRanges of the namespace, whose defaults the API server adds
     */
    static Map<String, BigDecimal> between(Optional<JsonNode> before, JsonNode after, List<JsonNode> ranges) {
        Map<String, BigDecimal> amounts = new LinkedHashMap<>();
        Optional<JsonNode> first = before.map(pod -> withDefaults(pod, ranges));
        JsonNode second = withDefaults(after, ranges);
        for (String name : NAMES) {
            amounts.put(
                    name,
                    total(second, name)
                            .subtract(first.map(pod -> total(pod, name)).orElse(BigDecimal.ZERO)));
        }
        return amounts;
    }

    /** The resource of a name in a quota, for example {@code cpu}. */
    static String resource(String name) {
        return name.substring(name.indexOf('.') + 1);
    }

    /** Resources of the whole Pod count instead of those of its containers (kubernetes.io, Pod-level resources). */
    private static BigDecimal total(JsonNode pod, String name) {
        String kind = name.substring(0, name.indexOf('.'));
        JsonNode ofPod = pod.path("spec").path("resources").path(kind).path(resource(name));
        return ComputeResources.quantity(ofPod).orElseGet(() -> ComputeResources.total(pod, kind, resource(name)));
    }

    /** The API server adds the defaults of each LimitRange to containers that do not set a value (plugin LimitRanger). */
    private static JsonNode withDefaults(JsonNode pod, List<JsonNode> ranges) {
        if (ranges.isEmpty()) {
            return pod;
        }
        JsonNode copy = pod.deepCopy();
        for (JsonNode range : ranges) {
            for (JsonNode limit : range.path("spec").path("limits")) {
                if (limit.path("type").asText().equals("Container")) {
                    copy.path("spec").path("initContainers").forEach(container -> addDefaults(container, limit));
                    copy.path("spec").path("containers").forEach(container -> addDefaults(container, limit));
                }
            }
        }
        return copy;
    }

    private static void addDefaults(JsonNode container, JsonNode limit) {
        if (!(container instanceof ObjectNode fields)) {
            return;
        }
        for (String resource : ComputeResources.names()) {
            // A container with a limit of its own requests this limit, not the default request.
            boolean requests = fields.at("/resources/requests").has(resource)
                    || fields.at("/resources/limits").has(resource);
            if (!requests && limit.path("defaultRequest").has(resource)) {
                fields.withObject("/resources/requests")
                        .set(resource, limit.path("defaultRequest").path(resource));
            }
            if (!fields.at("/resources/limits").has(resource)
                    && limit.path("default").has(resource)) {
                fields.withObject("/resources/limits")
                        .set(resource, limit.path("default").path(resource));
            }
        }
    }
}
