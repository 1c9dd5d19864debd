package dev.pillion.injection.audit;

import dev.pillion.injection.audit.AuditFinding.Kind;
import dev.pillion.injection.plan.Plan.Unmet;
import dev.pillion.injection.plan.Status;
import dev.pillion.pod.Pod;
import java.util.List;

/** The profiles that policies enforce for an existing Pod, and that Pillion cannot provide now. */
final class UnmetProfiles {

    private UnmetProfiles() {}

    static List<AuditFinding> of(Pod pod, List<Unmet> profiles) {
        Status status = Status.of(pod);
        return profiles.stream().map(unmet -> of(unmet, status)).toList();
    }

    private static AuditFinding of(Unmet unmet, Status status) {
        String detail = unmet.reason().message();
        return unmet.request()
                .map(request -> AuditFinding.of(
                        Kind.UNMET,
                        request,
                        status.profiles().containsKey(request.profile())
                                ? detail + "; the Pod has it from before"
                                : detail))
                .orElseGet(() -> AuditFinding.ofPod(Kind.UNMET, detail));
    }
}
