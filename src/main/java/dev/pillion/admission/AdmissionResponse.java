package dev.pillion.admission;

import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.patch.Patch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the API server is answered (admission.k8s.io/v1, AdmissionResponse).
 *
 * @param code why; for logs and metrics, not part of the answer
 * @param plan what the Pod is to have; for the same
 * @param refusal present when the object is not allowed
 */
public record AdmissionResponse(
        String uid,
        ReasonCode code,
        Plan plan,
        Optional<Refusal> refusal,
        Optional<Patch> patch,
        List<String> warnings,
        Map<String, String> auditAnnotations) {

    /**
     * @param status an HTTP status from 400 on: the API server turns anything lower into 400
     * @param reason Kubernetes' word for the status (metav1.StatusReason)
     */
    public record Refusal(int status, String reason, String message) {}

    /** Whether a message, the patch, a warning or an audit annotation contains the text. */
    public boolean mentions(String text) {
        return Stream.of(
                        refusal.stream().map(Refusal::message),
                        patch.stream().map(each -> each.toJson().toString()),
                        warnings.stream(),
                        auditAnnotations.values().stream())
                .flatMap(each -> each)
                .anyMatch(each -> each.contains(text));
    }

    /** The same response with an empty patch in place of its own: it still says what was decided, and takes less memory. */
    public AdmissionResponse withoutOperations() {
        return new AdmissionResponse(
                uid, code, plan, refusal, patch.map(each -> Patch.empty()), warnings, auditAnnotations);
    }

    /** What was decided, in the word that metrics and traces have for it. */
    public String decision() {
        return refusal.isPresent() ? "denied" : patch.isPresent() ? "injected" : "unchanged";
    }

    public boolean allowed() {
        return refusal.isEmpty();
    }
}
