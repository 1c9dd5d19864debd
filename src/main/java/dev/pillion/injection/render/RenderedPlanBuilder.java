package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.expression.Variables;
import dev.pillion.injection.plan.Plan.ParameterValue;
import dev.pillion.injection.plan.Plan.SkippedProfile;
import dev.pillion.injection.plan.Plan.Unmet;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.plan.ResultBudget;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.select.AppContainers;
import dev.pillion.injection.select.EffectivePolicies;
import dev.pillion.injection.select.Guards;
import dev.pillion.injection.select.ParameterResolver;
import dev.pillion.injection.select.PodOverrides;
import dev.pillion.injection.select.PortConflict;
import dev.pillion.injection.select.PortUse;
import dev.pillion.injection.select.Requests;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import dev.pillion.pod.PodLevelResources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Renders the chosen profiles one after the other, and collects what is skipped and why.
 *
 * <p>Over 200 lines because the profiles share what was rendered before them.
 */
final class RenderedPlanBuilder {

    private final Pod pod;
    private final Status status;
    private final Requests requests;
    private final EffectivePolicies policies;
    private final InjectionSettings settings;
    private final Variables podVariables;
    private final Variables variablesOfAllTargets;
    private final AppContainers apps;
    private final DenialCollector mistakes;
    private final PortUse ports;
    private final ResultBudget budget = new ResultBudget();
    private final List<RenderedProfile> rendered = new ArrayList<>();
    private final List<SkippedProfile> skipped = new ArrayList<>();
    private final List<Reason> warnings = new ArrayList<>();
    private final List<Unmet> unmet = new ArrayList<>();

    /** @param mistakes get the denials of all profiles */
    RenderedPlanBuilder(
            Pod pod,
            Status status,
            Requests requests,
            EffectivePolicies policies,
            InjectionSettings settings,
            Variables podVariables,
            AppContainers apps,
            DenialCollector mistakes) {
        this.pod = pod;
        this.status = status;
        this.requests = requests;
        this.policies = policies;
        this.settings = settings;
        this.podVariables = podVariables;
        this.variablesOfAllTargets = AppVariable.addTo(podVariables, apps.targets());
        this.apps = apps;
        this.mistakes = mistakes;
        this.ports = new PortUse(pod);
        warnings.addAll(requests.warnings());
        warnings.addAll(apps.warnings());
    }

    /** The parameters of a profile, with a warning for each value of a policy that another policy overrules. */
    static ParameterResolver parameters(
            Chosen chosen, Requests requests, EffectivePolicies policies, List<Reason> warnings) {
        String profile = chosen.profile().name();
        return new ParameterResolver(
                chosen, requests.valuesOf(profile), policies.settings(profile, warnings), policies.governing(profile));
    }

    void addAll(List<Chosen> profiles) {
        for (Chosen chosen : profiles) {
            Optional<List<Container>> targets = targets(chosen);
            if (targets.isEmpty()) {
                parameters(chosen, requests, policies, new ArrayList<>()).checkAnnotations(mistakes);
                continue;
            }
            try {
                add(chosen, targets.get());
            } catch (DeniedException denial) {
                mistakes.add(denial);
                if (denial.reason().code() == ReasonCode.TOO_LARGE) {
                    return;
                }
            }
        }
    }

    /** The app's containers for a profile; empty if a mistake makes them unknown or makes further checks of the profile pointless. */
    private Optional<List<Container>> targets(Chosen chosen) {
        String profile = chosen.profile().name();
        if (mistakes.hasUnknownParameter(profile)) {
            return Optional.empty();
        }
        try {
            return Optional.of(apps.targetsOf(profile, pod, requests));
        } catch (DeniedException denial) {
            mistakes.add(denial);
            return Optional.empty();
        }
    }

    private void add(Chosen chosen, List<Container> targets) throws DeniedException {
        Variables variables =
                targets == apps.targets() ? variablesOfAllTargets : AppVariable.addTo(podVariables, targets);
        Guards guards = new Guards(chosen, policies.enforcing(chosen.profile().name()), policies.strict());
        Optional<Reason> skip = guards.holdingWithoutParameters(variables);
        if (skip.isPresent()) {
            skip(chosen, skip.get());
            return;
        }
        ParameterResolver resolver = parameters(chosen, requests, policies, warnings);
        Optional<Map<String, ParameterValue>> parameters = resolve(chosen, resolver, variables);
        if (parameters.isEmpty()) {
            return;
        }
        Variables all = variables.with("params", () -> ParameterResolver.asMap(parameters.get()));
        skip = guards.holding(all);
        if (skip.isPresent()) {
            skip(chosen, skip.get());
            return;
        }
        RenderedProfile profile =
                new Renderer(chosen, parameters.get(), all, targets, settings.nativeSidecars(), budget).render();
        add(profile, guards, resolver.overrides(), all);
    }

    private void add(RenderedProfile profile, Guards guards, PodOverrides overrides, Variables variables)
            throws DeniedException {
        Optional<PortConflict> conflict = ports.conflict(profile);
        if (conflict.isPresent() && !isPresent(profile)) {
            Reason reason = guards.portTaken(conflict.get(), conflict.get().remedy(profile, overrides));
            skip(profile.chosen(), reason);
            return;
        }
        conflict.ifPresent(taken -> warnings.add(presentConflict(profile.chosen(), taken)));
        ports.add(profile);
        profile.spend(budget, pod);
        warnings.addAll(guards.warnings(variables));
        rendered.add(profile);
    }

    private void skip(Chosen chosen, Reason reason) {
        skipped.add(new SkippedProfile(chosen.profile(), chosen.requestedBy(), reason));
    }

    /**
     * The values of the parameters. They are empty if the profile is enforced and a required one has no value: only a strict namespace denies
     * the Pod for that, since the Pod's owner need not know the profile.
     */
    private Optional<Map<String, ParameterValue>> resolve(
            Chosen chosen, ParameterResolver resolver, Variables variables) throws DeniedException {
        try {
            return Optional.of(resolver.resolve(variables));
        } catch (DeniedException denial) {
            boolean onlyMissing =
                    denial.mistakes().stream().allMatch(mistake -> mistake.code() == ReasonCode.MISSING_PARAMETER);
            if (!chosen.enforced() || !onlyMissing || policies.strict()) {
                throw denial;
            }
            denial.mistakes().forEach(missing -> unmet.add(new Unmet(Optional.of(chosen.request()), missing)));
            return Optional.empty();
        }
    }

    /** Whether an earlier pass added one of the companions, which cannot be removed again. */
    private boolean isPresent(RenderedProfile profile) {
        for (Companion companion : profile.companions()) {
            boolean listed = status.initContainers().contains(companion.name())
                    || status.containers().contains(companion.name());
            if (listed && pod.container(companion.name()).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static Reason presentConflict(Chosen chosen, PortConflict conflict) {
        return new Reason(
                ReasonCode.PORT_TAKEN,
                chosen.request().but(conflict + "; it was added before, so one of the two containers cannot start"));
    }

    RenderedPlan build() throws DeniedException {
        Set<String> files = new HashSet<>();
        rendered.forEach(each -> files.addAll(each.files().keySet()));
        warnings.addAll(MissingFiles.of(pod, files));
        Map<String, JsonNode> profileResources = new HashMap<>();
        List<RenderedProfile> profiles = withinPodLevelResources(profileResources);
        SharedDirectoriesBuilder directories = new SharedDirectoriesBuilder(pod, status, profiles);
        SharedDirectories shared = directories.build(mistakes);
        mistakes.check();
        return new RenderedPlan(
                apps.targets(),
                profiles.stream().map(directories::withMounts).toList(),
                shared,
                skipped,
                warnings,
                profileResources,
                unmet,
                budget);
    }

    /** The profiles without the companions' requests and limits for which the Pod itself sets an amount. */
    private List<RenderedProfile> withinPodLevelResources(Map<String, JsonNode> profileResources) {
        PodLevelResources podLevel = PodLevelResources.of(pod);
        if (podLevel.isEmpty()) {
            return rendered;
        }
        List<RenderedProfile> profiles = new ArrayList<>();
        for (RenderedProfile each : rendered) {
            List<Companion> companions = new ArrayList<>();
            for (Companion companion : each.companions()) {
                profileResources.put(companion.name(), companion.tree().path("resources"));
                ObjectNode tree = companion.tree().deepCopy();
                podLevel.takeFrom(tree);
                companions.add(companion.with(tree));
            }
            profiles.add(each.with(companions));
        }
        return profiles;
    }
}
