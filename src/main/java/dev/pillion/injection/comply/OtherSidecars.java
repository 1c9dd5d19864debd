package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.expression.Variables;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.render.RenderedPlan;
import dev.pillion.injection.select.EffectivePolicies;
import dev.pillion.injection.select.Requests;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Pod;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Finds the plain sidecars of profiles that are not enforced. They are in the list of the app's containers but are not part of the app. */
final class OtherSidecars {

    private OtherSidecars() {}

    /**
     * The names of the sidecars. A container of the app could have such a name, so the container must also have what the profile renders.
     */
    static Set<String> names(
            Pod pod,
            Requests requests,
            Catalog catalog,
            EffectivePolicies policies,
            InjectionSettings settings,
            Variables variables) {
        Set<String> names = new HashSet<>();
        try {
            RenderedPlan all = RenderedPlan.of(pod, Status.empty(), requests, policies, catalog, settings, variables)
                    .inherit(UnaryOperator.identity());
            Map<String, JsonNode> containers = new HashMap<>();
            pod.containers().forEach(container -> containers.put(container.name(), container.tree()));
            for (RenderedProfile each : all.rendered()) {
                for (Companion companion : each.companions()) {
                    JsonNode present = containers.getOrDefault(companion.name(), MissingNode.getInstance());
                    if (companion.template().isSidecar() && settings.matcher().matches(companion.tree(), present)) {
                        names.add(companion.name());
                    }
                }
            }
        } catch (DeniedException denial) {
            // The mutating webhook reports problems of profiles that are not enforced.
            return Set.of();
        }
        return names;
    }
}
