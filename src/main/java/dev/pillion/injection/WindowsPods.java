package dev.pillion.injection;

import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.select.EffectivePolicies;
import dev.pillion.injection.select.Requests;
import dev.pillion.pod.NodePlatform;
import java.util.ArrayList;
import java.util.List;

/** Decides on Pods for Windows nodes. Companions are Linux containers, so such a Pod stays as it is. */
final class WindowsPods {

    private WindowsPods() {}

    /** Settings that a Linux node ignores do not make a Windows Pod: in a strict namespace they must not keep an enforced companion out. */
    static Decision decide(NodePlatform platform, Requests requests, EffectivePolicies policies)
            throws DeniedException {
        List<ProfileRequest> enforced = requests.requested().stream()
                .filter(request -> policies.enforcing(request.profile()).isPresent())
                .toList();
        boolean certain = platform.system() == NodePlatform.System.WINDOWS;
        if (!certain && policies.strict() && !enforced.isEmpty()) {
            throw notSelected(platform, enforced);
        }
        Reason reason = new Reason(
                ReasonCode.WINDOWS_POD,
                ProfileRequest.all(requests.requested()) + ", but the Pod is for Windows nodes by " + platform.field()
                        + ", and the profiles are for Linux");
        List<Reason> warnings = new ArrayList<>(List.of(reason));
        warnings.addAll(requests.warnings());
        return new Unchanged(reason, Plan.of(warnings));
    }

    /** The denial of a Pod that has settings for Windows but can run on a Linux node. */
    static DeniedException notSelected(NodePlatform platform, List<ProfileRequest> enforced) {
        return DeniedException.of(
                enforced,
                ReasonCode.WINDOWS_NOT_SELECTED,
                platform.field()
                        + " does not keep the Pod off Linux nodes; set spec.os.name to windows for a Windows Pod,"
                        + " or remove this field");
    }
}
