package dev.pillion.admission;

import dev.pillion.patch.Patch;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The response to a review as the API server reads it (admission.k8s.io/v1, AdmissionResponse). */
public record AdmissionResponse(
        String uid,
        Optional<Denial> denial,
        Optional<Patch> patch,
        List<String> warnings,
        Map<String, String> auditAnnotations) {

    /**
     * The status of a denial (metav1.Status).
     *
     * @param status an HTTP status of 400 or higher: the API server turns a lower one into 400
     * @param reason the name that Kubernetes has for the status (metav1.StatusReason)
     */
    public record Denial(int status, String reason, String message) {

        static Denial forbidden(String message) {
            return new Denial(403, "Forbidden", message);
        }

        static Denial conflict(String message) {
            return new Denial(409, "Conflict", message);
        }

        static Denial invalid(String message) {
            return new Denial(422, "Invalid", message);
        }
    }

    /** The object is stored as it is. */
    static AdmissionResponse allowed(String uid, List<String> warnings, Map<String, String> auditAnnotations) {
        return new AdmissionResponse(uid, Optional.empty(), Optional.empty(), warnings, auditAnnotations);
    }

    /** The object is not stored. */
    static AdmissionResponse denied(String uid, Denial denial, Map<String, String> auditAnnotations) {
        return new AdmissionResponse(uid, Optional.of(denial), Optional.empty(), List.of(), auditAnnotations);
    }

    /** The object is stored with the patch applied. */
    static AdmissionResponse patched(
            String uid, Patch patch, List<String> warnings, Map<String, String> auditAnnotations) {
        return new AdmissionResponse(uid, Optional.empty(), Optional.of(patch), warnings, auditAnnotations);
    }

    public boolean isAllowed() {
        return denial.isEmpty();
    }

    AdmissionResponse withoutPatchOperations() {
        return new AdmissionResponse(uid, denial, patch.map(each -> Patch.empty()), warnings, auditAnnotations);
    }
}
