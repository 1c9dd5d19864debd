package dev.pillion.server.cluster;

import dev.pillion.admission.AdmissionRequest;
import dev.pillion.admission.AdmissionResponse;
import dev.pillion.cluster.event.WorkloadEvents;
import dev.pillion.injection.plan.Plan.Audited;

/** What a workload's owner is told by Events of decisions that its Pods cannot tell. */
public sealed interface DecisionEvents {

    void about(AdmissionRequest request, AdmissionResponse response);

    /** Nobody is told: there is no cluster, or its operator does not want it. */
    record Silent() implements DecisionEvents {

        @Override
        public void about(AdmissionRequest request, AdmissionResponse response) {}
    }

    /** In the cluster; of what is denied and what is only watched. A dry run leaves no trace. */
    record Told(WorkloadEvents events) implements DecisionEvents {

        @Override
        public void about(AdmissionRequest request, AdmissionResponse response) {
            if (request.dryRun() || !request.createsPod()) {
                return;
            }
            response.refusal()
                    .ifPresent(refusal ->
                            events.warn(request.object(), request.namespace(), "PillionDenied", refusal.message()));
            for (Audited audited : response.plan().audited()) {
                events.warn(request.object(), request.namespace(), "PillionAudited", audited.toString());
            }
        }
    }
}
