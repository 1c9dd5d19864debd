package dev.pillion.injection.apply;

import dev.pillion.injection.plan.RenderedProfile;
import dev.pillion.injection.plan.RenderedProfile.Companion;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Pod;
import java.util.List;

/** Finds sidecars that keep the Pod of a Job from completing: a plain sidecar continues to run after the app has ended. */
final class OutlivingSidecars {

    private OutlivingSidecars() {}

    /** A warning for each such sidecar. Native sidecars end with the app. */
    static List<Reason> warnings(Pod pod, List<RenderedProfile> rendered, boolean nativeSidecars) {
        boolean ends =
                List.of("Never", "OnFailure").contains(pod.spec("restartPolicy").asText());
        if (nativeSidecars || !ends) {
            return List.of();
        }
        return rendered.stream()
                .flatMap(each -> each.companions().stream())
                .filter(companion -> companion.template().isSidecar())
                .map(OutlivingSidecars::warning)
                .toList();
    }

    private static Reason warning(Companion companion) {
        return new Reason(
                ReasonCode.SIDECAR_OUTLIVES_APP,
                companion
                        .chosen()
                        .request()
                        .but(
                                "its sidecar " + companion.name()
                                        + " continues to run after the app has ended, so the Pod does not complete; native sidecars (Kubernetes 1.29) end with the app"));
    }
}
