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
 * A profile that a Pod was to have and has not: it was made while the webhook was away, or before the policy or the profile was as it is
 * now; or a policy only watches for it.
 *
 * @param request the profile and who requests it; empty where the Pod would be denied for no single profile
 * @param detail what is not there, or what would come of it
 */
public record AuditFinding(Kind kind, Optional<ProfileRequest> request, String detail) {

    /** The profile's name; empty where there is none. */
    public String profile() {
        return request.map(ProfileRequest::profile).orElse("");
    }

    public enum Kind {
        /** The Pod would get something if it were made now. */
        MISSING,
        /** The Pod has what an earlier request gave it, and would get something else if it were made now. */
        CHANGED,
        /** The Pod would be refused if it were made now. */
        DENIED,
        /** A policy that only watches would have given it. */
        AUDITED
    }

    /** What a Pod that is there lacks, by the decision for one that is made now and looks the same. */
    public static List<AuditFinding> of(Decision decision) {
        List<AuditFinding> lacks = new ArrayList<>();
        switch (decision) {
            case Injected(Plan plan, var _)
            when plan.changedRequest().isPresent() ->
                lacks.addAll(changed(plan, plan.changedRequest().get().message()));
            case Injected(Plan plan, var _) ->
                plan.profiles().stream()
                        .filter(planned -> !planned.additions().isEmpty())
                        .map(AuditFinding::missing)
                        .forEach(lacks::add);
            case Denied(Reason reason, List<ProfileRequest> requests, var _, var _) -> {
                String detail = reason.message() + " (" + reason.code() + ")";
                requests.forEach(request -> lacks.add(new AuditFinding(Kind.DENIED, Optional.of(request), detail)));
                if (requests.isEmpty()) {
                    lacks.add(new AuditFinding(Kind.DENIED, Optional.empty(), detail));
                }
            }
            case Unchanged _ -> {}
        }
        decision.plan().unmet().stream()
                .map(unmet -> new AuditFinding(
                        Kind.MISSING, unmet.request(), unmet.reason().message()))
                .forEach(lacks::add);
        decision.plan().audited().stream()
                .map(audited -> new AuditFinding(
                        Kind.AUDITED,
                        Optional.of(new ProfileRequest(audited.profile(), audited.requestedBy())),
                        audited.outcome()))
                .forEach(lacks::add);
        return lacks;
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
