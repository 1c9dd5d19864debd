package dev.pillion.injection;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.expression.Values;
import dev.pillion.expression.Variables;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.Plan.Audited;
import dev.pillion.patch.Patch;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.NodePlatform;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides what is to be done with a Pod. Pure: the same input gives the same decision, and nothing else is read. Thread-safe. */
public final class Injector {

    private final InjectionSettings settings;

    public Injector(InjectionSettings settings) {
        this.settings = settings;
    }

    /** The decision for a Pod that is being created in a namespace. */
    public Decision decide(Pod pod, Namespace namespace, Catalog catalog) {
        Optional<Reason> excluded = excluded(pod, namespace);
        if (excluded.isPresent()) {
            return new Unchanged(excluded.get(), Plan.of(List.of()));
        }
        Variables variables = variables(pod, namespace);
        UnmetDemands demands = UnmetDemands.of(pod, namespace, catalog, variables);
        Optional<Denied> denial = demands.denial();
        if (denial.isPresent()) {
            return denial.get();
        }
        Rulings rulings = Rulings.of(pod, namespace, catalog, variables);
        Decision decision = decide(pod, namespace, catalog, rulings, variables).withUnmet(demands.unmet());
        if (rulings.audits().isEmpty()) {
            return decision;
        }
        Decision enforced = decide(pod, namespace, catalog, rulings.withAuditsEnforced(), variables);
        return decision.with(audited(rulings.audits(), decision.plan(), enforced));
    }

    /**
     * The differences between a Pod in its final state and what policies enforce; empty when it complies. Its status annotation is
     * ignored. See {@link ComplianceCheck}.
     */
    public List<Reason> missing(Pod created, Namespace namespace, Catalog catalog) {
        NodePlatform platform = created.platform();
        if (excluded(created, namespace).isPresent() || platform.system() == NodePlatform.System.WINDOWS) {
            return List.of();
        }
        Pod pod = created.asSubmitted();
        Variables variables = variables(pod, namespace);
        List<Reason> missing = new ArrayList<>(
                UnmetDemands.of(pod, namespace, catalog, variables).reasons());
        Rulings rulings = Rulings.of(pod, namespace, catalog, variables);
        if (platform.system() == NodePlatform.System.WINDOWS_BY_SETTINGS) {
            List<ProfileRequest> enforced = new ArrayList<>();
            rulings.given(Mode.ENFORCE)
                    .forEach((profile, policy) ->
                            enforced.add(new ProfileRequest(profile, new RequestSource.PolicyGrant(policy.name()))));
            if (!enforced.isEmpty()) {
                missing.add(Denial.of(enforced, Code.WINDOWS_NOT_SELECTED, notSelected(platform))
                        .reason());
            }
            return missing;
        }
        missing.addAll(ComplianceCheck.findings(pod, namespace, catalog, rulings, settings, variables));
        return missing;
    }

    /** How each policy sees a Pod, in the order of their precedence: for people who wonder. */
    public List<PolicyView> policies(Pod pod, Namespace namespace, Catalog catalog) {
        Variables variables = variables(pod, namespace);
        List<PolicyView> views = new ArrayList<>();
        for (Policy policy : catalog.policies()) {
            views.add(new PolicyView(policy, Match.of(policy, pod, namespace, variables, new ArrayList<>())));
        }
        return views;
    }

    private static Variables variables(Pod pod, Namespace namespace) {
        return Variables.none()
                .with("pod", () -> Values.ofJson(pod.asCreated()))
                .with("namespace", () -> Values.ofJson(namespace.toJson()));
    }

    private Optional<Reason> excluded(Pod pod, Namespace namespace) {
        if (pod.annotations().containsKey(Annotations.MIRROR)) {
            return Optional.of(new Reason(Code.MIRROR_POD, "a mirror Pod is the kubelet's own"));
        }
        return excluded(namespace);
    }

    /** Why no Pod of a namespace is touched; empty for the others. */
    public Optional<Reason> excluded(Namespace namespace) {
        if (settings.excludedNamespaces().contains(namespace.name())) {
            return Optional.of(new Reason(
                    Code.EXCLUDED_NAMESPACE, "Pods of namespace " + namespace.name() + " are never touched"));
        }
        return Optional.empty();
    }

    private Decision decide(Pod pod, Namespace namespace, Catalog catalog, Rulings rulings, Variables variables) {
        try {
            Requests requests = Requests.read(pod, namespace, catalog, rulings);
            if (requests.optedOut()) {
                return unchanged(
                        Code.OPTED_OUT,
                        "the Pod opts out by annotation " + Annotations.INJECT,
                        withMissingFiles(pod, requests.warnings()));
            }
            if (requests.profiles().isEmpty()) {
                return unchanged(
                        Code.NOT_ASKED, "nothing asks for a profile", withMissingFiles(pod, requests.warnings()));
            }
            NodePlatform platform = pod.platform();
            if (platform.system() != NodePlatform.System.LINUX) {
                return forWindows(platform, requests, rulings);
            }
            return inject(pod, requests, rulings, catalog, variables);
        } catch (Denial denial) {
            return new Denied(denial.reason(), denial.requests());
        }
    }

    private static List<Reason> withMissingFiles(Pod pod, List<Reason> warnings) {
        List<Reason> all = new ArrayList<>(warnings);
        all.addAll(MissingFiles.of(pod, Set.of()));
        return all;
    }

    /** A strict namespace has no gap: settings that a Linux node ignores must not keep an enforced companion out. */
    private static Decision forWindows(NodePlatform platform, Requests requests, Rulings rulings) throws Denial {
        List<ProfileRequest> enforced = requests.requested().stream()
                .filter(request -> rulings.enforcing(request.profile()).isPresent())
                .toList();
        boolean certain = platform.system() == NodePlatform.System.WINDOWS;
        if (!certain && rulings.strict() && !enforced.isEmpty()) {
            throw Denial.of(enforced, Code.WINDOWS_NOT_SELECTED, notSelected(platform));
        }
        Reason reason = new Reason(
                Code.WINDOWS_POD,
                ProfileRequest.all(requests.requested()) + ", but the Pod is for Windows nodes by " + platform.field()
                        + ", and the profiles are for Linux");
        List<Reason> warnings = new ArrayList<>(List.of(reason));
        warnings.addAll(requests.warnings());
        return new Unchanged(reason, Plan.of(warnings));
    }

    private static String notSelected(NodePlatform platform) {
        return platform.field()
                + " does not keep the Pod off Linux nodes; set spec.os.name to windows for a Windows Pod,"
                + " or remove it";
    }

    private static Unchanged unchanged(Code code, String message, List<Reason> warnings) {
        return new Unchanged(new Reason(code, message), Plan.of(warnings));
    }

    private Decision inject(Pod pod, Requests requests, Rulings rulings, Catalog catalog, Variables variables)
            throws Denial {
        Status status = Status.of(pod);
        Prepared prepared = Prepared.of(pod, status, requests, rulings, catalog, settings, variables);
        Additions additions = new Additions(pod, status, prepared.targets(), settings);
        Patch patch = additions.add(prepared.rendered());
        Plan plan = additions.plan(prepared).withUnmet(prepared.unmet());
        if (!patch.isEmpty()) {
            return new Injected(plan, patch);
        }
        return new Unchanged(
                prepared.rendered().isEmpty()
                        ? new Reason(Code.SKIPPED, "all that was asked for was left out")
                        : new Reason(Code.ALREADY_INJECTED, "the Pod has all that it is to have"),
                plan);
    }

    /** What the policies that only watch would have done: what they give and the Pod does not have anyway. */
    private static List<Audited> audited(List<Policy> audits, Plan plan, Decision enforced) {
        List<Audited> audited = new ArrayList<>();
        for (Policy policy : audits) {
            policy.grants().stream()
                    .filter(grant -> !plan.has(grant.profile()))
                    .map(grant -> new Audited(policy.name(), grant.profile(), outcome(grant.profile(), enforced)))
                    .forEach(audited::add);
        }
        return audited;
    }

    private static String outcome(String profile, Decision enforced) {
        return switch (enforced) {
            case Denied(Reason reason, var _) -> "would be denied (" + reason.code() + "): " + reason.message();
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
