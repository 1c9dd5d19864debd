package dev.pillion.admission;

/** Answers reviews of Pods. The same review with the same snapshot gets the same response. Thread-safe. */
public sealed interface PodWebhook permits MutatingWebhook, ValidatingWebhook {

    /** The current state that a review in this namespace is decided on. Performs no I/O. */
    DecisionSnapshot snapshot(String namespace);

    ReviewOutcome review(AdmissionRequest request, DecisionSnapshot snapshot);

    default ReviewOutcome review(AdmissionRequest request) {
        return review(request, snapshot(request.namespace()));
    }

    /** Whether responses can depend on a name that the API server generated ({@code generateName}). */
    boolean readsGeneratedNames();
}
