package dev.pillion.server.review;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.AdmissionResponse;

/** What is told of each review that was answered to whoever collects traces. */
public sealed interface ReviewTraces permits ReviewTraces.Off, ExportedTraces {

    /** @param nanoseconds that it took, up to now */
    void about(String webhook, AdmissionRequest request, AdmissionResponse response, long nanoseconds);

    /** Nothing, and no class of OpenTelemetry is loaded. */
    record Off() implements ReviewTraces {

        @Override
        public void about(String webhook, AdmissionRequest request, AdmissionResponse response, long nanoseconds) {}
    }
}
