package dev.pillion.injection;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.expression.Variables;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.apply.Additions;
import dev.pillion.injection.apply.PodEdit;
import dev.pillion.injection.apply.ReplacedVariables;
import dev.pillion.injection.apply.VariableSources;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.Audited;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.render.MissingFiles;
import dev.pillion.injection.render.RenderedPlan;
import dev.pillion.injection.select.EffectivePolicies;
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
 * Decides on a Pod as it is, adding what it lacks. Whether what it has from an earlier injection is still what it requests is
 * {@link ChangedRequest}'s to find out.
 *
 * @param ofManifest whether Pods come from manifests and not from the API server, which calls webhooks several times for one Pod
 */
record Evaluator(
        InjectionSettings settings, Namespace namespace, Catalog catalog, VariableSources sources, boolean ofManifest) {

    static final Reason ALREADY_INJECTED =
            new Reason(ReasonCode.ALREADY_INJECTED, "the Pod already has everything that it requests");

    /**
     * A decision, and what it rests on.
     *
     * @param listed the parts of the Pod that are Pillion's after the decision, for the profiles that are requested; empty when it is denied
     * @param outOfDate whether a container that is left as it is would be rendered otherwise, or stand elsewhere
     * @param rendersOtherwise whether an addition that is left as it is would be rendered otherwise; false where that is not compared
     */
    record Evaluation(Decision decision, Status listed, boolean outOfDate, boolean rendersOtherwise) {

        private Evaluation with(Decision other) {
            return new Evaluation(other, listed, outOfDate, rendersOtherwise);
        }

        private static Evaluation without(Decision decision) {
            return new Evaluation(decision, Status.empty(), false, false);
        }
    }

    /**
     * Whether an injected Pod is compared with what it would be now. Within one admission that is not done: what other webhooks have changed
     * in the meantime must not undo what they have changed in the companions.
     */
    boolean comparesRenderings(Status earlier) {
        return ofManifest || earlier.manifest();
    }

    /** @param earlier what an earlier pass says that it added */
    Evaluation evaluate(Pod pod, Status earlier) {
        Variables variables = Injector.variables(pod, namespace, settings);
        EnforcementGaps demands = EnforcementGaps.of(pod, namespace, catalog, variables);
        Optional<Denied> denial = demands.denial();
        if (denial.isPresent()) {
            return Evaluation.without(denial.get());
        }
        EffectivePolicies rulings = EffectivePolicies.of(pod, namespace, catalog, variables);
        Evaluation evaluation = evaluate(pod, earlier, rulings, variables);
        Decision decision = evaluation.decision().withUnmet(demands.unmet());
        if (rulings.audits().isEmpty()) {
            return evaluation.with(decision);
        }
        Decision enforced =
                evaluate(pod, earlier, rulings.withAuditsEnforced(), variables).decision();
        return evaluation.with(decision.with(audited(rulings.audits(), decision.plan(), enforced)));
    }

    private Evaluation evaluate(Pod pod, Status earlier, EffectivePolicies rulings, Variables variables) {
        try {
            DenialCollector mistakes = new DenialCollector();
            Requests requests = Requests.read(pod, namespace, catalog, rulings, mistakes);
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
                return Evaluation.without(forWindows(platform, requests, rulings));
            }
            refuseNameless(pod, requests);
            return inject(pod, earlier, requests, rulings, variables, mistakes);
        } catch (DeniedException denial) {
            return Evaluation.without(
                    new Denied(denial.reason(), denial.requests(), denial.mistakes(), denial.others()));
        }
    }

    /** The status records additions by the container's name, which a controller such as Knative's may give only to its Pods. */
    private static void refuseNameless(Pod pod, Requests requests) throws DeniedException {
        Optional<Container> nameless = pod.allContainers()
                .filter(container -> container.name().isEmpty())
                .findFirst();
        if (nameless.isPresent()) {
            throw DeniedException.of(
                    requests.requested(),
                    ReasonCode.MALFORMED_POD,
                    "spec." + nameless.get().list().field() + "["
                            + nameless.get().index()
                            + "] has no name; name it, or leave the Pods of this template to the webhook");
        }
    }

    private static List<Reason> withMissingFiles(Pod pod, List<Reason> warnings) {
        List<Reason> all = new ArrayList<>(warnings);
        all.addAll(MissingFiles.of(pod, Set.of()));
        return all;
    }

    /** A strict namespace has no gap: settings that a Linux node ignores must not keep an enforced companion out. */
    private static Decision forWindows(NodePlatform platform, Requests requests, EffectivePolicies rulings)
            throws DeniedException {
        List<ProfileRequest> enforced = requests.requested().stream()
                .filter(request -> rulings.enforcing(request.profile()).isPresent())
                .toList();
        boolean certain = platform.system() == NodePlatform.System.WINDOWS;
        if (!certain && rulings.strict() && !enforced.isEmpty()) {
            throw DeniedException.of(enforced, ReasonCode.WINDOWS_NOT_SELECTED, notSelected(platform));
        }
        Reason reason = new Reason(
                ReasonCode.WINDOWS_POD,
                ProfileRequest.all(requests.requested()) + ", but the Pod is for Windows nodes by " + platform.field()
                        + ", and the profiles are for Linux");
        List<Reason> warnings = new ArrayList<>(List.of(reason));
        warnings.addAll(requests.warnings());
        return new Unchanged(reason, Plan.of(warnings));
    }

    static String notSelected(NodePlatform platform) {
        return platform.field()
                + " does not keep the Pod off Linux nodes; set spec.os.name to windows for a Windows Pod,"
                + " or remove it";
    }

    private static Evaluation unchanged(ReasonCode code, String message, List<Reason> warnings) {
        return Evaluation.without(new Unchanged(new Reason(code, message), Plan.of(warnings)));
    }

    private Evaluation inject(
            Pod pod,
            Status earlier,
            Requests requests,
            EffectivePolicies rulings,
            Variables variables,
            DenialCollector mistakes)
            throws DeniedException {
        RenderedPlan prepared =
                RenderedPlan.of(pod, earlier, requests, rulings, catalog, settings, variables, mistakes);
        Additions additions = new Additions(
                new PodEdit(pod, earlier, settings.presence(), comparesRenderings(earlier), ofManifest),
                prepared.targets(),
                settings,
                new ReplacedVariables(namespace.name(), sources));
        Patch patch = additions.add(prepared, requests.containers());
        Plan plan = additions.plan(prepared).withUnmet(prepared.unmet());
        return new Evaluation(
                decision(prepared, patch, plan),
                additions.listed(),
                additions.outOfDate(),
                additions.rendersOtherwise());
    }

    private static Decision decision(RenderedPlan prepared, Patch patch, Plan plan) {
        if (!patch.isEmpty()) {
            return new Injected(plan, patch);
        }
        return new Unchanged(
                prepared.rendered().isEmpty()
                        ? new Reason(ReasonCode.SKIPPED, "every requested profile was skipped")
                        : ALREADY_INJECTED,
                plan);
    }

    /** What the policies that only watch would have done: what they give and the Pod does not have anyway. */
    private static List<Audited> audited(List<Policy> audits, Plan plan, Decision enforced) {
        List<Audited> audited = new ArrayList<>();
        for (Policy policy : audits) {
            policy.grants().stream()
                    .filter(grant -> !plan.has(grant.name()))
                    .map(grant -> new Audited(policy.name(), grant.name(), outcome(grant.name(), enforced)))
                    .forEach(audited::add);
        }
        return audited;
    }

    private static String outcome(String profile, Decision enforced) {
        return switch (enforced) {
            case Denied(Reason reason, var _, var _, var _) ->
                "would be denied (" + reason.code() + "): " + reason.message();
            case Injected _, Unchanged _ ->
                enforced.plan().skipped().stream()
                        .filter(skipped -> skipped.profile().name().equals(profile))
                        .findFirst()
                        .map(skipped -> "would be left out: " + skipped.reason().message())
                        .or(() -> enforced.plan().unmet().stream()
                                .filter(unmet -> unmet.request()
                                        .filter(request -> request.profile().equals(profile))
                                        .isPresent())
                                .findFirst()
                                .map(unmet ->
                                        "would be missing: " + unmet.reason().message()))
                        .orElse("would be injected");
        };
    }
}
