package dev.pillion.server.cluster;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.ReviewOutcome;
import dev.pillion.cluster.event.WorkloadEvents;
import dev.pillion.injection.plan.Plan.Audited;

/** Reports decisions to the owners of workloads as Kubernetes Events. */
public sealed interface DecisionEvents {

    void send(AdmissionRequest request, ReviewOutcome outcome);

    /** No Events: there is no cluster, or they are switched off. */
    record Off() implements DecisionEvents {

        @Override
        public void send(AdmissionRequest request, ReviewOutcome outcome) {}
    }

    /** Events about denials, and about policies in mode Audit. A dry run causes none. */
    record On(WorkloadEvents events) implements DecisionEvents {

        @Override
        public void send(AdmissionRequest request, ReviewOutcome outcome) {
            if (request.dryRun() || !request.isPodCreation()) {
                return;
            }
            outcome.response()
                    .denial()
                    .ifPresent(denial ->
                            events.warn(request.object(), request.namespace(), "PillionDenied", denial.message()));
            for (Audited audited : outcome.plan().audited()) {
                events.warn(request.object(), request.namespace(), "PillionAudited", audited.toString());
            }
        }
    }
}
