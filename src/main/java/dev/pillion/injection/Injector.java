package dev.pillion.injection;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.expression.Values;
import dev.pillion.expression.Variables;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.apply.OptionAnnotations;
import dev.pillion.injection.apply.VariableSources;
import dev.pillion.injection.comply.ComplianceCheck;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.Unmet;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.reason.RequestSource;
import dev.pillion.injection.select.EffectivePolicies;
import dev.pillion.injection.select.GenerationPins;
import dev.pillion.injection.select.GenerationPins.ChosenGeneration;
import dev.pillion.injection.select.Match;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.injection.uninject.Uninjector;
import dev.pillion.patch.Patch;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.NodePlatform;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides what to do with a Pod. Pure: the same input gives the same decision, and nothing else is read. Thread-safe. */
public final class Injector {

    private final InjectionSettings settings;
    private final VariableSources sources;

    public Injector(InjectionSettings settings) {
        this(settings, VariableSources.UNKNOWN);
    }

    /** @param sources the known keys of the ConfigMaps and Secrets that containers take variables from */
    public Injector(InjectionSettings settings, VariableSources sources) {
        this.settings = settings;
        this.sources = sources;
    }

    /** The decision for a Pod that is being created in a namespace. */
    public Decision decide(Pod pod, Namespace namespace, Catalog catalog) {
        return excluded(pod, namespace)
                .<Decision>map(reason -> new Unchanged(reason, Plan.empty()))
                .orElseGet(() -> request(pod, namespace, catalog).decide());
    }

    private ChangedRequest request(Pod pod, Namespace namespace, Catalog catalog) {
        return new ChangedRequest(new Evaluator(settings, namespace, catalog, sources, false), pod, Status.of(pod));
    }

    /**
     * The profiles that policies enforce for a Pod and that the catalog cannot provide. The decision for a Pod with earlier additions that cannot be
     * removed does not contain them.
     */
    public List<Unmet> unmet(Pod pod, Namespace namespace, Catalog catalog) {
        return excluded(pod, namespace).isPresent()
                ? List.of()
                : request(pod, namespace, catalog).unmet();
    }

    /**
     * The decision for the Pod or template of a manifest with further annotations. The patch adds the annotations too, and the status records
     * them, so that {@link Uninjector} restores the values that they replace.
     */
    public Decision decide(Pod pod, Map<String, String> annotations, Namespace namespace, Catalog catalog) {
        if (excluded(pod, namespace).isPresent()) {
            return decide(pod, namespace, catalog);
        }
        OptionAnnotations options = OptionAnnotations.addedTo(pod, annotations);
        Decision decision = new ChangedRequest(
                        new Evaluator(settings, namespace, catalog, sources, true),
                        options.pod(),
                        options.recordedIn(Status.of(pod)))
                .decide();
        return decision instanceof Injected(Plan plan, Patch patch)
                ? new Injected(plan, options.patch().then(patch))
                : decision;
    }

    /**
     * The differences between a Pod in its final state and what policies enforce; empty when it complies. The status annotation is ignored.
     * See {@link ComplianceCheck}.
     */
    public List<Reason> violations(Pod created, Namespace namespace, Catalog catalog) {
        NodePlatform platform = created.platform();
        if (excluded(created, namespace).isPresent() || platform.system() == NodePlatform.System.WINDOWS) {
            return List.of();
        }
        Pod pod = created.asSubmitted();
        Variables variables = variables(pod, namespace, settings);
        List<Reason> violations = new ArrayList<>(
                EnforcementGaps.of(pod, namespace, catalog, variables).reasons());
        EffectivePolicies effective = EffectivePolicies.of(pod, namespace, catalog, variables);
        if (platform.system() == NodePlatform.System.WINDOWS_BY_SETTINGS) {
            List<ProfileRequest> enforced = new ArrayList<>();
            effective
                    .given(Mode.ENFORCE)
                    .forEach((profile, policy) ->
                            enforced.add(new ProfileRequest(profile, new RequestSource.PolicyGrant(policy.name()))));
            if (!enforced.isEmpty()) {
                violations.add(WindowsPods.notSelected(platform, enforced).reason());
            }
            return violations;
        }
        GenerationPins pins = GenerationPins.of(pod, namespace, catalog, effective);
        List<Reason> unavailable = new ArrayList<>();
        effective.given(Mode.ENFORCE).forEach((profile, policy) -> pins.problem(
                        new ProfileRequest(profile, new RequestSource.PolicyGrant(policy.name())))
                .ifPresent(problem -> unavailable.addAll(problem.mistakes())));
        violations.addAll(
                unavailable.isEmpty()
                        ? ComplianceCheck.findings(pod, namespace, pins.catalog(), effective, settings, variables)
                        : unavailable);
        return violations;
    }

    /** The generations that are pinned or chosen for a Pod with further annotations. */
    public Map<String, ChosenGeneration> generations(
            Pod pod, Map<String, String> annotations, Collection<String> names, Namespace namespace, Catalog catalog) {
        return generations(OptionAnnotations.addedTo(pod, annotations).pod(), names, namespace, catalog);
    }

    /**
     * The generations that a Pod gets by a pin or by a percentage, by the names of these profiles and instances. Those that get the generation in
     * force for all workloads are left out.
     */
    public Map<String, ChosenGeneration> generations(
            Pod pod, Collection<String> names, Namespace namespace, Catalog catalog) {
        GenerationPins pins = GenerationPins.of(
                pod,
                namespace,
                catalog,
                EffectivePolicies.of(pod, namespace, catalog, variables(pod, namespace, settings)));
        Map<String, ChosenGeneration> found = new LinkedHashMap<>();
        names.forEach(name -> pins.chosen(name).ifPresent(chosen -> found.put(name, chosen)));
        return found;
    }

    /** How each policy applies to a Pod with further annotations. */
    public List<PolicyView> policies(Pod pod, Map<String, String> annotations, Namespace namespace, Catalog catalog) {
        return policies(OptionAnnotations.addedTo(pod, annotations).pod(), namespace, catalog);
    }

    /** How each policy applies to a Pod, in the order of precedence. {@code pillion explain} shows it. */
    public List<PolicyView> policies(Pod pod, Namespace namespace, Catalog catalog) {
        Variables variables = variables(pod, namespace, settings);
        List<PolicyView> views = new ArrayList<>();
        for (Policy policy : catalog.policies()) {
            views.add(new PolicyView(policy, Match.of(policy, pod, namespace, variables, new ArrayList<>())));
        }
        return views;
    }

    static Variables variables(Pod pod, Namespace namespace, InjectionSettings settings) {
        return Variables.none()
                .with("pod", () -> Values.ofJson(pod.asCreated()))
                .with("namespace", () -> Values.ofJson(namespace.toJson()))
                .with("cluster", () -> Map.of("assignsUsers", settings.clusterAssignsUsers()));
    }

    private Optional<Reason> excluded(Pod pod, Namespace namespace) {
        if (pod.annotations().containsKey(Annotations.MIRROR)) {
            return Optional.of(new Reason(ReasonCode.MIRROR_POD, "Pillion never changes mirror Pods"));
        }
        return excluded(namespace);
    }

    /** Why Pillion changes no Pod of a namespace; empty if it does. */
    public Optional<Reason> excluded(Namespace namespace) {
        if (settings.excludedNamespaces().contains(namespace.name())) {
            return Optional.of(new Reason(
                    ReasonCode.EXCLUDED_NAMESPACE, "Pillion never changes Pods in namespace " + namespace.name()));
        }
        return Optional.empty();
    }
}
