package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.settings.ToleratedAdditions;
import dev.pillion.pod.Pod;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes tolerated additions from a companion before it is compared: fields that the profile does not set, names of capabilities that are
 * dropped anyway, and the probes that Istio rewrites. The operator configures the fields.
 */
final class ContainerTolerance {

    private static final String USER = "securityContext.runAsUser";

    private static final String DROP = "securityContext.capabilities.drop";

    private final List<List<String>> fields;
    private final boolean mayDropMore;
    private final boolean istioProbes;

    ContainerTolerance(Pod pod, ToleratedAdditions tolerated) {
        this.fields = tolerated.containerFields().stream()
                .sorted()
                .map(field -> List.of(field.split("\\.")))
                .toList();
        this.mayDropMore = tolerated.containerFields().contains(DROP);
        this.istioProbes =
                tolerated.istioProbes() && pod.container("istio-proxy").isPresent();
    }

    /** The container without tolerated additions. */
    JsonNode without(JsonNode rendered, JsonNode actual) {
        if (!(actual instanceof ObjectNode container) || (fields.isEmpty() && !istioProbes)) {
            return actual;
        }
        ObjectNode result = container.deepCopy();
        fields.forEach(field -> remove(field, rendered, result));
        if (istioProbes) {
            IstioProbes.restore(rendered, result);
        }
        if (mayDropMore && dropsAll(rendered)) {
            removeRedundantDrops(rendered, result);
        }
        return result;
    }

    private static void remove(List<String> field, JsonNode rendered, ObjectNode container) {
        JsonNode own = rendered;
        JsonNode parent = container;
        for (String name : field.subList(0, field.size() - 1)) {
            own = own.path(name);
            parent = parent.path(name);
        }
        String last = field.getLast();
        boolean isRoot = String.join(".", field).equals(USER)
                && (!parent.path(last).isIntegralNumber() || parent.path(last).asLong() == 0);
        if (parent instanceof ObjectNode object && !own.hasNonNull(last) && !isRoot) {
            object.remove(last);
        }
    }

    private static boolean dropsAll(JsonNode container) {
        JsonNode capabilities = container.at("/securityContext/capabilities");
        return capabilities.path("add").isEmpty()
                && names(capabilities.path("drop")).contains("ALL");
    }

    /** Older SecurityContextConstraints of OpenShift list capabilities by name in addition to {@code ALL}, which includes them. */
    private static void removeRedundantDrops(JsonNode rendered, ObjectNode container) {
        if (container.at("/securityContext/capabilities/drop") instanceof ArrayNode drop && dropsAll(container)) {
            Set<String> own = names(rendered.at("/securityContext/capabilities/drop"));
            for (int index = drop.size() - 1; index >= 0; index--) {
                if (drop.get(index).isTextual() && !own.contains(drop.get(index).textValue())) {
                    drop.remove(index);
                }
            }
        }
    }

    private static Set<String> names(JsonNode list) {
        Set<String> names = new HashSet<>();
        list.forEach(name -> names.add(name.asText()));
        return names;
    }
}
