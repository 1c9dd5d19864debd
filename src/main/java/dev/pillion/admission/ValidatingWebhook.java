package dev.pillion.admission;

import dev.pillion.admission.AdmissionResponse.Denial;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Pod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Checks that a Pod has what policies enforce, after every other webhook has changed it. In strict namespaces it denies a Pod that does not;
 * elsewhere it warns. Thread-safe. Performs no I/O.
 */
public final class ValidatingWebhook implements PodWebhook {

    private final Function<String, DecisionSnapshot> snapshots;

    /** @param snapshots the current state for a namespace, by its name */
    public ValidatingWebhook(Function<String, DecisionSnapshot> snapshots) {
        this.snapshots = snapshots;
    }

    @Override
    public DecisionSnapshot snapshot(String namespace) {
        return snapshots.apply(namespace);
    }

    /** A Pod is checked as the mutating webhook saw it, without its generated name. See {@link Pod#asSubmitted()}. */
    @Override
    public boolean readsGeneratedNames() {
        return false;
    }

    @Override
    public ReviewOutcome review(AdmissionRequest request, DecisionSnapshot snapshot) {
        if (request.unreadablePod().isEmpty() && !request.isPodCreation()) {
            return allowed(request.uid(), ReasonCode.NOT_A_POD_CREATION, List.of());
        }
        List<Reason> missing = missing(request, snapshot);
        if (missing.isEmpty()) {
            return allowed(request.uid(), ReasonCode.COMPLIANT, List.of());
        }
        return snapshot.namespace().strict()
                ? denied(request.uid(), missing)
                : allowed(request.uid(), missing.getFirst().code(), missing);
    }

    private static List<Reason> missing(AdmissionRequest request, DecisionSnapshot snapshot) {
        if (request.unreadablePod().isPresent()) {
            return snapshot.injector().excluded(snapshot.namespace()).isPresent()
                    ? List.of()
                    : List.of(request.unreadablePod().get());
        }
        try {
            return snapshot.injector().violations(Pod.of(request.object()), snapshot.namespace(), snapshot.catalog());
        } catch (MalformedPodException e) {
            return List.of(new Reason(ReasonCode.MALFORMED_POD, "the Pod cannot be read: " + e.getMessage()));
        }
    }

    private static ReviewOutcome allowed(String uid, ReasonCode code, List<Reason> missing) {
        return ReviewOutcome.of(AdmissionResponse.allowed(uid, Warnings.of(missing), audit(missing)), code);
    }

    private static ReviewOutcome denied(String uid, List<Reason> missing) {
        ReasonCode code = missing.getFirst().code();
        Denial denial = Denial.forbidden(Sentences.withCodes(missing));
        Map<String, String> audit = new LinkedHashMap<>(audit(missing));
        audit.put("denied", Sentences.codes(missing));
        return ReviewOutcome.of(AdmissionResponse.denied(uid, denial, audit), code);
    }

    private static Map<String, String> audit(List<Reason> missing) {
        return missing.isEmpty() ? Map.of() : Map.of("missing", Sentences.withCodes(missing));
    }
}
