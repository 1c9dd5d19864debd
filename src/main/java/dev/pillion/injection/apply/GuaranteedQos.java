package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import dev.pillion.pod.PodLevelResources;
import dev.pillion.pod.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds companions because of which a Pod loses its quality of service class Guaranteed. A Pod has the class only if the limits of each
 * container for cpu and memory equal its requests (ComputePodQOS in pkg/apis/core/v1/helper/qos).
 */
final class GuaranteedQos {

    private GuaranteedQos() {}

    /** A warning for each such profile; none if the Pod is not Guaranteed without companions either. */
    static List<Reason> lost(Pod pod, List<RenderedProfile> rendered) {
        // If the Pod has resources of its own, only they determine the class.
        if (!PodLevelResources.of(pod).isEmpty()) {
            return List.of();
        }
        Set<String> companions = new HashSet<>();
        rendered.forEach(each -> each.companions().forEach(companion -> companions.add(companion.name())));
        List<Container> own = pod.allContainers()
                .filter(container -> !companions.contains(container.name()))
                .toList();
        if (own.isEmpty() || !own.stream().allMatch(container -> isGuaranteed(container.tree()))) {
            return List.of();
        }
        List<Reason> warnings = new ArrayList<>();
        for (RenderedProfile each : rendered) {
            each.companions().stream()
                    .filter(companion -> !isGuaranteed(companion.tree()))
                    .findFirst()
                    .ifPresent(companion -> warnings.add(warning(each, companion)));
        }
        return warnings;
    }

    private static Reason warning(RenderedProfile each, Companion companion) {
        String remedy = each.profile()
                .resourcesParameter()
                .map(parameter -> "set annotation "
                        + Annotations.parameter(each.profile().name(), parameter.name()) + ": guaranteed")
                .orElse("its profile would need limits that equal its requests");
        return new Reason(
                ReasonCode.GUARANTEED_QOS_LOST,
                each.chosen()
                        .request()
                        .but("the Pod loses its QoS class Guaranteed, because the cpu and memory limits of container "
                                + companion.name() + " are not equal to its requests; " + remedy));
    }

    private static boolean isGuaranteed(JsonNode container) {
        JsonNode resources = container.path("resources");
        for (String resource : List.of("cpu", "memory")) {
            Optional<BigDecimal> limit =
                    Quantity.amount(resources.path("limits").path(resource).asText());
            JsonNode request = resources.path("requests").path(resource);
            boolean equal = request.isMissingNode()
                    || Quantity.same(
                            request.asText(),
                            resources.path("limits").path(resource).asText());
            if (limit.filter(amount -> amount.signum() > 0).isEmpty() || !equal) {
                return false;
            }
        }
        return true;
    }
}
