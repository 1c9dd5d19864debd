package dev.pillion.injection;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.UnmetRequirement;
import dev.pillion.expression.Variables;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.plan.Plan.Unmet;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.reason.RequestSource.PolicyGrant;
import dev.pillion.injection.select.Match;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.NodePlatform;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Requirements that policies enforce for one Pod and that the catalog cannot meet. In a strict namespace the Pod is denied. In other
 * namespaces it starts without the companion, with a warning.
 */
record EnforcementGaps(List<UnmetRequirement> requirements, boolean strict) {

    /** The message names the first ones and counts the others. */
    private static final int MAX_NAMED = 5;

    static EnforcementGaps of(Pod pod, Namespace namespace, Catalog catalog, Variables variables) {
        List<UnmetRequirement> requirements = new ArrayList<>();
        // Companions are Linux containers.
        if (pod.platform().system() != NodePlatform.System.WINDOWS) {
            for (UnmetRequirement requirement : catalog.unmet(namespace.labels(), pod.labels())) {
                if (Match.beyondSelectors(requirement.policy(), pod, namespace, variables, new ArrayList<>())
                        .isEmpty()) {
                    requirements.add(requirement);
                }
            }
        }
        return new EnforcementGaps(requirements, namespace.strict());
    }

    /** The denial; empty if the Pod may start without the requirements. */
    Optional<Denied> denial() {
        if (requirements.isEmpty() || !strict) {
            return Optional.empty();
        }
        int rest = requirements.size() - MAX_NAMED;
        String message = requirements.stream()
                        .limit(MAX_NAMED)
                        .map(UnmetRequirement::toString)
                        .collect(Collectors.joining("; "))
                + (rest > 0 ? "; and " + rest + " more" : "")
                + "; Pods of this strict namespace are denied until the platform team corrects it";
        List<ProfileRequest> requests =
                requirements.stream().flatMap(each -> request(each).stream()).toList();
        return Optional.of(new Denied(new Reason(ReasonCode.REQUIREMENT_UNMET, message), requests));
    }

    /** For Pods that start without the requirements. */
    List<Unmet> unmet() {
        return requirements.stream()
                .map(each -> new Unmet(request(each), reason(each)))
                .toList();
    }

    /** For the check of the final Pod. */
    List<Reason> reasons() {
        return requirements.stream().map(EnforcementGaps::reason).toList();
    }

    private static Reason reason(UnmetRequirement requirement) {
        return new Reason(ReasonCode.REQUIREMENT_UNMET, requirement.toString());
    }

    private static Optional<ProfileRequest> request(UnmetRequirement requirement) {
        return requirement
                .profile()
                .map(profile -> new ProfileRequest(
                        profile, new PolicyGrant(requirement.policy().name())));
    }
}
