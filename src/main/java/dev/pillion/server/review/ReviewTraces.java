package dev.pillion.server.review;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.ReviewOutcome;

/** Exports a trace of each review. */
public sealed interface ReviewTraces permits ReviewTraces.Off, ExportedTraces {

    /**
     * Exports one review, which ends now.
     *
     * @param nanoseconds how long the review took
     */
    void export(String webhook, AdmissionRequest request, ReviewOutcome outcome, long nanoseconds);

    /** No traces. No class of OpenTelemetry is loaded. */
    record Off() implements ReviewTraces {

        @Override
        public void export(String webhook, AdmissionRequest request, ReviewOutcome outcome, long nanoseconds) {}
    }
}
