package dev.pillion.admission;

import dev.pillion.admission.AdmissionResponse.Refusal;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Pod;
import dev.pillion.pod.ReviewLimits;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One review in, one review out. Thread-safe; reads nothing but what it is handed. */
public final class MutatingWebhook implements PodWebhook {

    /** Denials of what somebody may not ask for; all others are of what nobody could be given. */
    private static final Set<ReasonCode> FORBIDDEN = EnumSet.of(
            ReasonCode.LOCKED_PARAMETER,
            ReasonCode.RESTRICTED_PROFILE,
            ReasonCode.REQUIREMENT_UNMET,
            ReasonCode.GUARD_NOT_ACCEPTED,
            ReasonCode.WINDOWS_NOT_SELECTED);

    private final Function<String, DecisionSnapshot> bases;

    /** @param bases what there is to decide on, by the name of a namespace */
    public MutatingWebhook(Function<String, DecisionSnapshot> bases) {
        this.bases = bases;
    }

    @Override
    public DecisionSnapshot basis(String namespace) {
        return bases.apply(namespace);
    }

    @Override
    public AdmissionResponse review(AdmissionRequest request, DecisionSnapshot basis) {
        if (request.unreadablePod().isPresent()) {
            Optional<Reason> excluded = basis.injector().excluded(basis.namespace());
            return excluded.isPresent()
                    ? unchanged(request.uid(), excluded.get(), Plan.empty())
                    : denied(request.uid(), request.unreadablePod().get());
        }
        if (!request.createsPod()) {
            return unchanged(
                    request.uid(),
                    new Reason(ReasonCode.NOT_A_POD_CREATION, "Pillion changes Pods only when they are created"),
                    Plan.empty());
        }
        return switch (decide(request, basis)) {
            case Injected(Plan plan, var patch) ->
                new AdmissionResponse(
                        request.uid(),
                        // What was injected before can be all that is removed.
                        plan.profiles().isEmpty() ? ReasonCode.CHANGED_REQUEST : ReasonCode.INJECTED,
                        plan,
                        Optional.empty(),
                        Optional.of(patch),
                        Warnings.of(plan.warnings()),
                        audit(plan));
            case Unchanged(Reason reason, Plan plan) -> unchanged(request.uid(), reason, plan);
            case Denied(Reason reason, var _, var _, var _) -> denied(request.uid(), reason);
        };
    }

    private static Decision decide(AdmissionRequest request, DecisionSnapshot basis) {
        try {
            Pod pod = Pod.of(request.object());
            return basis.injector().decide(pod, basis.namespace(), basis.catalog());
        } catch (MalformedPodException e) {
            return new Denied(
                    new Reason(ReasonCode.MALFORMED_POD, "the Pod cannot be read: " + e.getMessage()), List.of());
        }
    }

    private static AdmissionResponse unchanged(String uid, Reason reason, Plan plan) {
        Map<String, String> audit = audit(plan);
        if (audit.isEmpty()) {
            audit.put("unchanged", reason.code().toString());
        }
        return new AdmissionResponse(
                uid, reason.code(), plan, Optional.empty(), Optional.empty(), Warnings.of(plan.warnings()), audit);
    }

    private static AdmissionResponse denied(String uid, Reason reason) {
        Refusal refusal = FORBIDDEN.contains(reason.code())
                ? new Refusal(403, "Forbidden", message(reason))
                : new Refusal(422, "Invalid", message(reason));
        return new AdmissionResponse(
                uid,
                reason.code(),
                Plan.empty(),
                Optional.of(refusal),
                Optional.empty(),
                List.of(),
                Map.of("denied", reason.code().toString()));
    }

    private static String message(Reason reason) {
        return reason.message() + " (" + reason.code() + ")";
    }

    /**
     * The same on every pass over a Pod, since the API server drops an annotation that a later pass sets to something else: so it says
     * what the Pod is to have, and not whether this pass added it.
     */
    private static Map<String, String> audit(Plan plan) {
        Map<String, String> audit = new LinkedHashMap<>();
        if (!plan.profiles().isEmpty()) {
            audit.put(
                    "profiles",
                    plan.profiles().stream()
                            .map(each ->
                                    each.profile().name() + "@" + each.profile().generation())
                            .collect(Collectors.joining(",")));
        }
        if (!plan.skipped().isEmpty()) {
            audit.put(
                    "skipped",
                    plan.skipped().stream().map(each -> each.profile().name()).collect(Collectors.joining(",")));
        }
        if (!plan.unmet().isEmpty()) {
            audit.put(
                    "not-enforced",
                    Sentences.ofReasons(
                            plan.unmet().stream().map(Plan.Unmet::reason).toList()));
        }
        if (!plan.audited().isEmpty()) {
            audit.put(
                    "audited",
                    Sentences.join(
                            plan.audited().stream().map(Plan.Audited::toString).toList()));
        }
        audit.replaceAll((name, value) -> Excerpt.of(value, ReviewLimits.AUDIT_LENGTH));
        return audit;
    }
}
