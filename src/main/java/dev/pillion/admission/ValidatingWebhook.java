package dev.pillion.admission;

import dev.pillion.admission.AdmissionResponse.Refusal;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.MalformedPodException;
import dev.pillion.pod.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Holds Pods in their final state, after every other webhook, against what policies enforce. In namespaces that say so what is missing is
 * a denial; elsewhere it is a warning. Thread-safe; reads nothing but what it is handed.
 */
public final class ValidatingWebhook implements PodWebhook {

    private final Function<String, DecisionSnapshot> bases;

    /** @param bases what there is to decide on, by the name of a namespace */
    public ValidatingWebhook(Function<String, DecisionSnapshot> bases) {
        this.bases = bases;
    }

    @Override
    public DecisionSnapshot basis(String namespace) {
        return bases.apply(namespace);
    }

    @Override
    public AdmissionResponse review(AdmissionRequest request, DecisionSnapshot basis) {
        if (request.unreadablePod().isEmpty() && !request.createsPod()) {
            return allowed(request.uid(), ReasonCode.NOT_A_POD_CREATION, List.of());
        }
        List<Reason> missing = missing(request, basis);
        if (missing.isEmpty()) {
            return allowed(request.uid(), ReasonCode.COMPLIANT, List.of());
        }
        return basis.namespace().strict()
                ? denied(request.uid(), missing)
                : allowed(request.uid(), missing.getFirst().code(), missing);
    }

    private static List<Reason> missing(AdmissionRequest request, DecisionSnapshot basis) {
        if (request.unreadablePod().isPresent()) {
            return basis.injector().excluded(basis.namespace()).isPresent()
                    ? List.of()
                    : List.of(request.unreadablePod().get());
        }
        try {
            return basis.injector().violations(Pod.of(request.object()), basis.namespace(), basis.catalog());
        } catch (MalformedPodException e) {
            return List.of(new Reason(ReasonCode.MALFORMED_POD, "the Pod cannot be read: " + e.getMessage()));
        }
    }

    private static AdmissionResponse allowed(String uid, ReasonCode code, List<Reason> missing) {
        return new AdmissionResponse(
                uid, code, Plan.empty(), Optional.empty(), Optional.empty(), Warnings.of(missing), audit(missing));
    }

    private static AdmissionResponse denied(String uid, List<Reason> missing) {
        String message =
                Sentences.ofReasons(missing) + " (" + missing.getFirst().code() + ")";
        return new AdmissionResponse(
                uid,
                missing.getFirst().code(),
                Plan.empty(),
                Optional.of(new Refusal(403, "Forbidden", message)),
                Optional.empty(),
                List.of(),
                audit(missing));
    }

    private static Map<String, String> audit(List<Reason> missing) {
        return missing.isEmpty() ? Map.of() : Map.of("missing", Sentences.ofReasons(missing));
    }
}
