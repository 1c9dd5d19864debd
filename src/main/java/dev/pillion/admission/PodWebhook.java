package dev.pillion.admission;

/** Answers reviews of Pods: the same review on the same basis gets the same answer. Thread-safe. */
public sealed interface PodWebhook permits MutatingWebhook, ValidatingWebhook {

    /** What a review of that namespace is decided on now. Reading it is a read of memory. */
    DecisionSnapshot basis(String namespace);

    AdmissionResponse review(AdmissionRequest request, DecisionSnapshot basis);

    /** The answer as things are now. */
    default AdmissionResponse review(AdmissionRequest request) {
        return review(request, basis(request.namespace()));
    }
}
