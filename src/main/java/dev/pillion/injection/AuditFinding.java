package dev.pillion.injection;

import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.PlannedProfile;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A profile that a Pod should have and does not have. The Pod was created while the webhook was unavailable, or before the policy or profile
 * changed; or a policy in Audit mode gives the profile.
 *
 * @param request the profile and who requests it; empty if the Pod would be denied for no single profile
 * @param detail what is missing, or the outcome if the Pod were created now
 */
public record AuditFinding(Kind kind, Optional<ProfileRequest> request, String detail) {

    /** The profile's name; empty where there is none. */
    public String profile() {
        return request.map(ProfileRequest::profile).orElse("");
    }

    public enum Kind {
        /** The Pod would get an addition if it were created now. */
        MISSING,
        /** The Pod has the additions of an earlier request, and would get others if it were created now. */
        CHANGED,
        /** The Pod would be denied if it were created now. */
        DENIED,
        /** A policy in Audit mode would give the profile. */
        AUDITED
    }

    /** The findings for an existing Pod, from the decision for an identical Pod that is created now. */
    public static List<AuditFinding> of(Decision decision) {
        List<AuditFinding> findings = new ArrayList<>();
        switch (decision) {
            case Injected(Plan plan, var _)
            when plan.changedRequest().isPresent() ->
                findings.addAll(changed(plan, plan.changedRequest().get().message()));
            case Injected(Plan plan, var _) ->
                plan.profiles().stream()
                        .filter(planned -> !planned.additions().isEmpty())
                        .map(AuditFinding::missing)
                        .forEach(findings::add);
            case Denied(Reason reason, List<ProfileRequest> requests, var _, var _) -> {
                String detail = reason.message() + " (" + reason.code() + ")";
                requests.forEach(request -> findings.add(new AuditFinding(Kind.DENIED, Optional.of(request), detail)));
                if (requests.isEmpty()) {
                    findings.add(new AuditFinding(Kind.DENIED, Optional.empty(), detail));
                }
            }
            case Unchanged _ -> {}
        }
        decision.plan().unmet().stream()
                .map(unmet -> new AuditFinding(
                        Kind.MISSING, unmet.request(), unmet.reason().message()))
                .forEach(findings::add);
        decision.plan().audited().stream()
                .map(audited -> new AuditFinding(
                        Kind.AUDITED,
                        Optional.of(new ProfileRequest(audited.profile(), audited.requestedBy())),
                        audited.outcome()))
                .forEach(findings::add);
        return findings;
    }

    private static List<AuditFinding> changed(Plan plan, String detail) {
        if (plan.profiles().isEmpty()) {
            return List.of(new AuditFinding(Kind.CHANGED, Optional.empty(), detail));
        }
        return plan.profiles().stream()
                .map(planned -> new AuditFinding(
                        Kind.CHANGED,
                        Optional.of(new ProfileRequest(planned.profile().name(), planned.requestedBy())),
                        detail))
                .toList();
    }

    private static AuditFinding missing(PlannedProfile planned) {
        return new AuditFinding(
                Kind.MISSING,
                Optional.of(new ProfileRequest(planned.profile().name(), planned.requestedBy())),
                String.join("; ", planned.additions()));
    }
}
