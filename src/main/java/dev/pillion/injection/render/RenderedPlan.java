package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.expression.Variables;
import dev.pillion.injection.plan.Plan.SkippedProfile;
import dev.pillion.injection.plan.Plan.Unmet;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.ResultBudget;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.select.AppContainers;
import dev.pillion.injection.select.ChosenProfiles;
import dev.pillion.injection.select.EffectivePolicies;
import dev.pillion.injection.select.PodLimits;
import dev.pillion.injection.select.Requests;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The rendered profiles of a Pod, before they are compared with what the Pod already has.
 *
 * @param targets the app's containers that get mounts and variables; the first one is the app
 * @param rendered with the mounts of shared directories
 * @param profileResources by companion, the requests and limits of its profile, if the Pod sets resources for all its containers together
 * @param unmet profiles that a policy enforces and that have no value for a parameter; only strict namespaces deny such Pods
 * @param budget the remaining limits for additions to the Pod
 */
public record RenderedPlan(
        List<Container> targets,
        List<RenderedProfile> rendered,
        SharedDirectories directories,
        List<SkippedProfile> skipped,
        List<Reason> warnings,
        Map<String, JsonNode> profileResources,
        List<Unmet> unmet,
        ResultBudget budget) {

    public static RenderedPlan of(
            Pod pod,
            Status status,
            Requests requests,
            EffectivePolicies policies,
            Catalog catalog,
            InjectionSettings settings,
            Variables podVariables)
            throws DeniedException {
        return of(pod, status, requests, policies, catalog, settings, podVariables, new DenialCollector());
    }

    /**
     * Renders the requested profiles.
     *
     * @param mistakes known mistakes in the Pod's annotations; one denial names these and all others
     */
    public static RenderedPlan of(
            Pod pod,
            Status status,
            Requests requests,
            EffectivePolicies policies,
            Catalog catalog,
            InjectionSettings settings,
            Variables podVariables,
            DenialCollector mistakes)
            throws DeniedException {
        PodLimits.check(pod, requests.requested());
        List<Chosen> chosen = ChosenProfiles.of(requests, policies, catalog, mistakes);
        AppContainers apps = apps(pod, status, requests, policies, settings, chosen, mistakes);
        RenderedPlanBuilder builder =
                new RenderedPlanBuilder(pod, status, requests, policies, settings, podVariables, apps, mistakes);
        builder.addAll(chosen);
        mistakes.check();
        return builder.build();
    }

    /** If the app's containers are unknown, only the parameters in annotations can be checked. */
    private static AppContainers apps(
            Pod pod,
            Status status,
            Requests requests,
            EffectivePolicies policies,
            InjectionSettings settings,
            List<Chosen> chosen,
            DenialCollector mistakes)
            throws DeniedException {
        try {
            return AppContainers.of(pod, requests, status, chosen, settings);
        } catch (DeniedException denial) {
            mistakes.add(denial);
            for (Chosen each : chosen) {
                RenderedPlanBuilder.parameters(each, requests, policies, new ArrayList<>())
                        .checkAnnotations(mistakes);
            }
            mistakes.check();
            throw denial;
        }
    }

    /**
     * The plan with what companions inherit from the app.
     *
     * @param withAdditions adds to a container of the app what profiles add to it
     */
    public RenderedPlan inherit(UnaryOperator<Container> withAdditions) throws DeniedException {
        List<RenderedProfile> inherited = new ArrayList<>();
        for (RenderedProfile each : rendered) {
            boolean inherits = !each.targets().isEmpty() && Inheritance.isNeededBy(each);
            inherited.add(
                    inherits
                            ? new Inheritance(withAdditions.apply(each.targets().getFirst()), budget).addTo(each)
                            : each);
        }
        return new RenderedPlan(targets, inherited, directories, skipped, warnings, profileResources, unmet, budget);
    }
}
