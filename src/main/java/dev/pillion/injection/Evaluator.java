package dev.pillion.injection;

import dev.pillion.catalog.Catalog;
import dev.pillion.expression.Variables;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.apply.Additions;
import dev.pillion.injection.apply.PodEdit;
import dev.pillion.injection.apply.ReplacedVariables;
import dev.pillion.injection.apply.VariableSources;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.render.MissingFiles;
import dev.pillion.injection.render.RenderedPlan;
import dev.pillion.injection.select.EffectivePolicies;
import dev.pillion.injection.select.GenerationPins;
import dev.pillion.injection.select.Requests;
import dev.pillion.injection.settings.InjectionSettings;
import dev.pillion.patch.Patch;
import dev.pillion.pod.Container;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.NodePlatform;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides on a Pod as it is, and adds only what is missing. {@link ChangedRequest} finds out whether an earlier injection is still what the
 * Pod requests.
 *
 * @param ofManifest whether the Pod comes from a manifest, and not from the API server, which can call a webhook several times for one Pod
 */
record Evaluator(
        InjectionSettings settings, Namespace namespace, Catalog catalog, VariableSources sources, boolean ofManifest) {

    static final Reason ALREADY_INJECTED =
            new Reason(ReasonCode.ALREADY_INJECTED, "the Pod already has everything that it requests");

    /**
     * Whether earlier additions are compared with what would be rendered now. They are not compared within one admission: changes that other
     * webhooks make to the Pod must not revert changes that they make to companions.
     */
    boolean comparesRenderings(Status earlier) {
        return ofManifest || earlier.manifest();
    }

    /** @param earlier the status that an earlier pass wrote */
    Evaluation evaluate(Pod pod, Status earlier) {
        Variables variables = Injector.variables(pod, namespace, settings);
        EnforcementGaps gaps = EnforcementGaps.of(pod, namespace, catalog, variables);
        Optional<Denied> denial = gaps.denial();
        if (denial.isPresent()) {
            return Evaluation.withoutAdditions(denial.get());
        }
        EffectivePolicies policies = EffectivePolicies.of(pod, namespace, catalog, variables);
        Evaluation evaluation = evaluate(pod, earlier, policies, variables);
        Decision decision = evaluation.decision().withUnmet(gaps.unmet());
        if (policies.audits().isEmpty()) {
            return evaluation.with(decision);
        }
        Decision enforced =
                evaluate(pod, earlier, policies.withAuditsEnforced(), variables).decision();
        return evaluation.with(decision.with(AuditedProfiles.of(policies.audits(), decision.plan(), enforced)));
    }

    private Evaluation evaluate(Pod pod, Status earlier, EffectivePolicies policies, Variables variables) {
        try {
            DenialCollector mistakes = new DenialCollector();
            GenerationPins pins = GenerationPins.of(pod, namespace, catalog, policies);
            Catalog chosen = pins.catalog();
            Requests requests = Requests.read(pod, namespace, chosen, policies, mistakes);
            if (requests.optedOut()) {
                return unchanged(
                        ReasonCode.OPTED_OUT,
                        "the Pod opts out by annotation " + Annotations.INJECT,
                        withMissingFiles(pod, requests.warnings()));
            }
            if (requests.profiles().isEmpty()) {
                mistakes.check();
                return unchanged(
                        ReasonCode.NOT_REQUESTED,
                        "nothing requests a profile",
                        withMissingFiles(pod, requests.warnings()));
            }
            NodePlatform platform = pod.platform();
            if (platform.system() != NodePlatform.System.LINUX) {
                mistakes.check();
                return Evaluation.withoutAdditions(WindowsPods.decide(platform, requests, policies));
            }
            checkNames(pod, requests);
            return inject(pod, earlier, requests, policies, chosen, pins, variables, mistakes);
        } catch (DeniedException denial) {
            return Evaluation.withoutAdditions(
                    new Denied(denial.reason(), denial.requests(), denial.mistakes(), denial.others()));
        }
    }

    /** The status records additions by container name. A template may lack names that a controller such as Knative's gives its Pods. */
    private static void checkNames(Pod pod, Requests requests) throws DeniedException {
        Optional<Container> nameless = pod.allContainers()
                .filter(container -> container.name().isEmpty())
                .findFirst();
        if (nameless.isPresent()) {
            throw DeniedException.of(
                    requests.requested(),
                    ReasonCode.MALFORMED_POD,
                    "spec." + nameless.get().list().field() + "["
                            + nameless.get().index()
                            + "] has no name; add one, or let the webhook inject the Pods of this template");
        }
    }

    private static List<Reason> withMissingFiles(Pod pod, List<Reason> warnings) {
        List<Reason> all = new ArrayList<>(warnings);
        all.addAll(MissingFiles.of(pod, Set.of()));
        return all;
    }

    private static Evaluation unchanged(ReasonCode code, String message, List<Reason> warnings) {
        return Evaluation.withoutAdditions(new Unchanged(new Reason(code, message), Plan.of(warnings)));
    }

    private Evaluation inject(
            Pod pod,
            Status earlier,
            Requests requests,
            EffectivePolicies policies,
            Catalog chosen,
            GenerationPins pins,
            Variables variables,
            DenialCollector mistakes)
            throws DeniedException {
        UnavailableGenerations unavailable = UnavailableGenerations.of(requests, pins, policies, mistakes);
        RenderedPlan rendered = RenderedPlan.of(
                pod, earlier, unavailable.without(requests), policies, chosen, settings, variables, mistakes);
        Additions additions = new Additions(
                new PodEdit(pod, earlier, settings.matcher(), comparesRenderings(earlier), ofManifest),
                rendered,
                settings,
                new ReplacedVariables(namespace.name(), sources));
        Patch patch = additions.add(rendered, requests.containers());
        Plan plan = additions.plan(rendered).withUnmet(rendered.unmet()).withUnmet(unavailable.unmet());
        return new Evaluation(
                decision(rendered, patch, plan),
                additions.status(),
                additions.outOfDate(),
                additions.rendersDifferently());
    }

    private static Decision decision(RenderedPlan rendered, Patch patch, Plan plan) {
        if (!patch.isEmpty()) {
            return new Injected(plan, patch);
        }
        return new Unchanged(
                rendered.rendered().isEmpty()
                        ? new Reason(ReasonCode.SKIPPED, "every requested profile was skipped")
                        : ALREADY_INJECTED,
                plan);
    }
}
