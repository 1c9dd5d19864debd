package dev.pillion.admission;

import dev.pillion.admission.AdmissionResponse.Denial;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.patch.Patch;
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

/** Decides what is added to a Pod that is created. Thread-safe. Performs no I/O. */
public final class MutatingWebhook implements PodWebhook {

    /** Denials of what this user may not request. Every other denial is of an invalid request. */
    private static final Set<ReasonCode> FORBIDDEN = EnumSet.of(
            ReasonCode.LOCKED_PARAMETER,
            ReasonCode.RESTRICTED_PROFILE,
            ReasonCode.REQUIREMENT_UNMET,
            ReasonCode.GUARD_NOT_ACCEPTED,
            ReasonCode.WINDOWS_NOT_SELECTED);

    private final Function<String, DecisionSnapshot> snapshots;

    /** @param snapshots the current state for a namespace, by its name */
    public MutatingWebhook(Function<String, DecisionSnapshot> snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public DecisionSnapshot snapshot(String namespace) {
        return snapshots.apply(namespace);
    }

    @Override
    public boolean readsGeneratedNames() {
        return true;
    }

    @Override
    public ReviewOutcome review(AdmissionRequest request, DecisionSnapshot snapshot) {
        if (request.unreadablePod().isPresent()) {
            Optional<Reason> excluded = snapshot.injector().excluded(snapshot.namespace());
            return excluded.isPresent()
                    ? unchanged(request.uid(), excluded.get(), Plan.empty())
                    : denied(request.uid(), new Denied(request.unreadablePod().get(), List.of()));
        }
        if (!request.isPodCreation()) {
            return unchanged(
                    request.uid(),
                    new Reason(ReasonCode.NOT_A_POD_CREATION, "Pillion changes Pods only when they are created"),
                    Plan.empty());
        }
        return switch (decide(request, snapshot)) {
            case Injected(Plan plan, Patch patch) -> patched(request.uid(), plan, patch);
            case Unchanged(Reason reason, Plan plan) -> unchanged(request.uid(), reason, plan);
            case Denied denied -> denied(request.uid(), denied);
        };
    }

    private static Decision decide(AdmissionRequest request, DecisionSnapshot snapshot) {
        try {
            Pod pod = Pod.of(request.object());
            return snapshot.injector().decide(pod, snapshot.namespace(), snapshot.catalog());
        } catch (MalformedPodException e) {
            return new Denied(
                    new Reason(ReasonCode.MALFORMED_POD, "the Pod cannot be read: " + e.getMessage()), List.of());
        }
    }

    private static ReviewOutcome patched(String uid, Plan plan, Patch patch) {
        // A patch without profiles only removes what an earlier pass injected.
        ReasonCode code = plan.profiles().isEmpty() ? ReasonCode.CHANGED_REQUEST : ReasonCode.INJECTED;
        return new ReviewOutcome(
                AdmissionResponse.patched(uid, patch, Warnings.of(plan.warnings()), audit(plan)), code, plan);
    }

    private static ReviewOutcome unchanged(String uid, Reason reason, Plan plan) {
        Map<String, String> audit = audit(plan);
        if (audit.isEmpty()) {
            audit.put("unchanged", reason.code().toString());
        }
        return new ReviewOutcome(
                AdmissionResponse.allowed(uid, Warnings.of(plan.warnings()), audit), reason.code(), plan);
    }

    private static ReviewOutcome denied(String uid, Denied denied) {
        ReasonCode code = denied.reason().code();
        String message = denied.message();
        Denial denial = FORBIDDEN.contains(code) ? Denial.forbidden(message) : Denial.invalid(message);
        return ReviewOutcome.of(
                AdmissionResponse.denied(uid, denial, Map.of("denied", Sentences.codes(denied.mistakes()))), code);
    }

    /**
     * The audit annotations list what the Pod gets, whether or not this pass added it. So they are the same on every pass over the Pod: the API
     * server drops an annotation that a later pass sets to another value.
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
