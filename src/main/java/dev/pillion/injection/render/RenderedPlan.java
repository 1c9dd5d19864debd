package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.Profile;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Values;
import dev.pillion.expression.Variables;
import dev.pillion.injection.plan.Plan.ParameterValue;
import dev.pillion.injection.plan.Plan.SkippedProfile;
import dev.pillion.injection.plan.Plan.Unmet;
import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.plan.ResultBudget;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.select.AppContainers;
import dev.pillion.injection.select.EffectivePolicies;
import dev.pillion.injection.select.EffectivePolicies.Enforcement;
import dev.pillion.injection.select.EffectivePolicies.Setting;
import dev.pillion.injection.select.Guards;
import dev.pillion.injection.select.Parameters;
import dev.pillion.injection.select.PodOverrides;
import dev.pillion.injection.select.PortClaim;
import dev.pillion.injection.select.PortConflict;
import dev.pillion.injection.select.PortUse;
import dev.pillion.injection.select.Requests;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.pod.Container;
import dev.pillion.pod.Pod;
import dev.pillion.pod.PodLevelResources;
import dev.pillion.pod.ReviewLimits;
import dev.pillion.pod.VolumeMount;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What a Pod is to have, worked out and rendered, before it is held against what the Pod has.
 *
 * @param targets the app's containers that get mounts and environment; the first one is the app
 * @param unmet profiles that a policy enforces and that have no value for a parameter; such Pods are denied in strict namespaces only
 * @param budget what the Pod may still get
 * @param budgets by companion the requests and limits that it would have, were the Pod without resources of its own
 */
public record RenderedPlan(
        List<Container> targets,
        List<RenderedProfile> rendered,
        List<SkippedProfile> skipped,
        List<Reason> warnings,
        Map<String, JsonNode> budgets,
        List<Unmet> unmet,
        ResultBudget budget) {

    public static RenderedPlan of(
            Pod pod,
            Status status,
            Requests requests,
            EffectivePolicies rulings,
            Catalog catalog,
            InjectionSettings settings,
            Variables podVariables)
            throws DeniedException {
        return of(pod, status, requests, rulings, catalog, settings, podVariables, new DenialCollector());
    }

    /** @param mistakes in the Pod's annotations that are known already; the Pod is denied for these and all others together */
    public static RenderedPlan of(
            Pod pod,
            Status status,
            Requests requests,
            EffectivePolicies rulings,
            Catalog catalog,
            InjectionSettings settings,
            Variables podVariables,
            DenialCollector mistakes)
            throws DeniedException {
        check(pod, requests.requested());
        List<Chosen> chosen = chosen(requests, rulings, catalog, mistakes);
        AppContainers apps = apps(pod, status, requests, rulings, settings, chosen, mistakes);
        Variables ofAllTargets = withApp(podVariables, apps.targets());
        ResultBudget budget = new ResultBudget();
        List<RenderedProfile> rendered = new ArrayList<>();
        List<SkippedProfile> skipped = new ArrayList<>();
        List<Reason> warnings = new ArrayList<>(requests.warnings());
        warnings.addAll(apps.warnings());
        List<Unmet> unmet = new ArrayList<>();
        PortUse ports = new PortUse(pod);
        for (Chosen each : chosen) {
            Profile profile = each.profile();
            if (mistakes.misname(profile.name())) {
                checkAnnotations(each, requests, rulings, mistakes);
                continue;
            }
            List<Container> targets;
            try {
                targets = apps.targetsOf(profile.name(), pod, requests);
            } catch (DeniedException denial) {
                mistakes.add(denial);
                checkAnnotations(each, requests, rulings, mistakes);
                continue;
            }
            Variables variables = targets == apps.targets() ? ofAllTargets : withApp(podVariables, targets);
            try {
                Optional<Enforcement> enforcement = rulings.enforcing(profile.name());
                Optional<Enforcement> governing = rulings.governing(profile.name());
                Guards guards = new Guards(each, enforcement, rulings.strict());
                Optional<Reason> reason = guards.holdingWithoutParameters(variables);
                if (reason.isEmpty()) {
                    Map<String, Setting> set = rulings.settings(profile.name(), warnings);
                    Map<String, ParameterValue> parameters;
                    try {
                        parameters = Parameters.resolve(
                                each,
                                requests.values().getOrDefault(profile.name(), Map.of()),
                                set,
                                governing,
                                variables);
                    } catch (DeniedException denial) {
                        if (!lacksAnEnforcedValue(denial, enforcement) || rulings.strict()) {
                            throw denial;
                        }
                        denial.mistakes()
                                .forEach(lacking -> unmet.add(new Unmet(Optional.of(each.request()), lacking)));
                        continue;
                    }
                    Variables all = variables.with("params", () -> Parameters.asMap(parameters));
                    reason = guards.holding(all);
                    if (reason.isEmpty()) {
                        RenderedProfile added = new Renderer(
                                        each, parameters, all, targets, settings.nativeSidecars(), budget)
                                .render();
                        Optional<PortConflict> conflict = ports.conflict(added);
                        if (conflict.isPresent() && !isPresent(added, pod, status)) {
                            reason = Optional.of(guards.portTaken(
                                    conflict.get(),
                                    remedy(conflict.get(), added, new PodOverrides(each, set, governing))));
                        } else {
                            conflict.ifPresent(taken -> warnings.add(tooLate(each, taken)));
                            ports.add(added);
                            added.spend(budget, pod);
                            warnings.addAll(guards.warnings(all));
                            rendered.add(added);
                        }
                    }
                }
                reason.ifPresent(why -> skipped.add(new SkippedProfile(profile, each.requestedBy(), why)));
            } catch (DeniedException denial) {
                mistakes.add(denial);
                if (denial.reason().code() == ReasonCode.TOO_LARGE) {
                    break;
                }
            }
        }
        mistakes.check();
        Set<String> files = new HashSet<>();
        rendered.forEach(each -> files.addAll(each.files().keySet()));
        warnings.addAll(MissingFiles.of(pod, files));
        Map<String, JsonNode> budgets = new HashMap<>();
        PodLevelResources podLevel = PodLevelResources.of(pod);
        if (!podLevel.isEmpty()) {
            rendered.stream()
                    .flatMap(each -> each.companions().stream())
                    .forEach(companion -> budgets.put(
                            companion.name(), companion.tree().path("resources").deepCopy()));
            rendered.stream()
                    .flatMap(each -> each.companions().stream())
                    .forEach(companion -> podLevel.takeFrom(companion.tree()));
        }
        return new RenderedPlan(apps.targets(), rendered, skipped, warnings, budgets, unmet, budget);
    }

    /** Without the app's containers nothing else is known but what annotations say. */
    private static AppContainers apps(
            Pod pod,
            Status status,
            Requests requests,
            EffectivePolicies rulings,
            InjectionSettings settings,
            List<Chosen> chosen,
            DenialCollector mistakes)
            throws DeniedException {
        try {
            return AppContainers.of(pod, requests, status, chosen, settings);
        } catch (DeniedException denial) {
            mistakes.add(denial);
            for (Chosen each : chosen) {
                checkAnnotations(each, requests, rulings, mistakes);
            }
            mistakes.check();
            throw denial;
        }
    }

    private static void checkAnnotations(
            Chosen chosen, Requests requests, EffectivePolicies rulings, DenialCollector mistakes) {
        String profile = chosen.profile().name();
        Parameters.checkAnnotations(
                chosen,
                requests.values().getOrDefault(profile, Map.of()),
                rulings.settings(profile, new ArrayList<>()),
                rulings.governing(profile),
                mistakes);
    }

    private static Variables withApp(Variables podVariables, List<Container> targets) {
        return podVariables.with(
                "app",
                () -> Values.ofJson(targets.stream()
                        .findFirst()
                        .map(RenderedPlan::withPlainMounts)
                        .orElse(JsonNodeFactory.instance.objectNode())));
    }

    /** Gives the companions what they take from the app; where it has no container that is concerned, there is nothing to take. */
    public void inherit(UnaryOperator<Container> asItWillBe) throws DeniedException {
        for (RenderedProfile each : rendered) {
            if (!each.targets().isEmpty() && Inheritance.isNeededBy(each)) {
                new Inheritance(asItWillBe.apply(each.targets().getFirst()), budget).giveTo(each);
            }
        }
    }

    /** As expressions compare them, which know of a slash at the end: a directory may be written in many ways. */
    private static JsonNode withPlainMounts(Container container) {
        List<VolumeMount> mounts = container.volumeMounts();
        if (mounts.stream().allMatch(RenderedPlan::isPlain)) {
            return container.tree();
        }
        JsonNode copy = container.tree().deepCopy();
        for (int index = 0; index < mounts.size(); index++) {
            if (!isPlain(mounts.get(index))) {
                ((ObjectNode) copy.path("volumeMounts").path(index))
                        .put("mountPath", mounts.get(index).directory());
            }
        }
        return copy;
    }

    private static boolean isPlain(VolumeMount mount) {
        return mount.mountPath().equals(mount.directory()) || mount.mountPath().equals(mount.directory() + "/");
    }

    /** What the reader can do about a port or a name that is taken. */
    private static String remedy(PortConflict conflict, RenderedProfile rendered, PodOverrides overrides) {
        String another = conflict.claim() instanceof PortClaim.Name ? "for another name, " : "for another port, ";
        ProfileRequest request = rendered.chosen().request();
        return another
                + conflict.parameter(rendered.parameters())
                        .map(name -> request.remedyFor(
                                name,
                                overrides.allow(Objects.requireNonNull(
                                        rendered.profile().parameters().get(name)))))
                        .orElse("ask the platform team");
    }

    /** Whether a pass before this one added one of the companions, which cannot be taken away again. */
    private static boolean isPresent(RenderedProfile rendered, Pod pod, Status status) {
        for (RenderedProfile.Companion companion : rendered.companions()) {
            boolean listed = status.initContainers().contains(companion.name())
                    || status.containers().contains(companion.name());
            if (listed && pod.container(companion.name()).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static Reason tooLate(Chosen chosen, PortConflict conflict) {
        return new Reason(
                ReasonCode.PORT_TAKEN,
                chosen.request().but(conflict + "; it was added before, so one of the two containers cannot start"));
    }

    /** The Pod's owner need not know the profile that the policy enforces: only a strict namespace refuses the Pod for it. */
    private static boolean lacksAnEnforcedValue(DeniedException denial, Optional<Enforcement> enforcement) {
        return enforcement.isPresent()
                && denial.mistakes().stream().allMatch(mistake -> mistake.code() == ReasonCode.MISSING_PARAMETER);
    }

    /** Denies what Kubernetes would refuse anyway, once the webhooks have been called, and what is costly to compare or to repeat. */
    private static void check(Pod pod, Collection<ProfileRequest> requests) throws DeniedException {
        long bytes = 0;
        for (Map.Entry<String, String> annotation : pod.annotations().entrySet()) {
            bytes += annotation.getKey().length() + annotation.getValue().length();
        }
        if (bytes > ReviewLimits.ANNOTATION_BYTES) {
            throw DeniedException.of(
                    requests,
                    ReasonCode.ANNOTATIONS_TOO_LARGE,
                    "the Pod's annotations have " + bytes + " characters; Kubernetes allows "
                            + ReviewLimits.ANNOTATION_BYTES + " bytes");
        }
        long instances = requests.stream()
                .filter(request -> InstanceName.of(request.profile()).isPresent())
                .count();
        if (instances > ReviewLimits.INSTANCES) {
            throw DeniedException.of(
                    requests,
                    ReasonCode.TOO_LARGE,
                    "that is " + instances + " instances of profiles; at most " + ReviewLimits.INSTANCES
                            + " are allowed for one Pod");
        }
        for (Container container : (Iterable<Container>) pod.allContainers()::iterator) {
            if (container.name().length() > ReviewLimits.NAME_LENGTH) {
                throw DeniedException.of(
                        requests,
                        ReasonCode.TOO_LARGE,
                        "the name of container '" + Excerpt.of(container.name()) + "' has "
                                + container.name().length() + " characters; Kubernetes allows "
                                + ReviewLimits.NAME_LENGTH);
            }
        }
    }

    private static List<Chosen> chosen(
            Requests requests, EffectivePolicies rulings, Catalog catalog, DenialCollector mistakes) {
        List<Chosen> chosen = new ArrayList<>();
        for (ProfileRequest request : requests.requested()) {
            Optional<Profile> profile = catalog.profile(request.profile());
            if (profile.isEmpty()) {
                mistakes.add(() -> DeniedException.of(request, ReasonCode.UNKNOWN_PROFILE, "there is no such profile"));
            } else if (profile.get().access() == Profile.Access.RESTRICTED
                    && rulings.permitting(request.profile()).isEmpty()) {
                mistakes.add(() -> DeniedException.of(
                        request,
                        ReasonCode.RESTRICTED_PROFILE,
                        "it is restricted, and no policy permits it to this Pod; ask the platform team"));
            } else {
                chosen.add(new Chosen(
                        profile.get(),
                        request.source(),
                        rulings.priority(request.profile()),
                        rulings.enforcing(request.profile()).isPresent()));
            }
        }
        return chosen;
    }
}
