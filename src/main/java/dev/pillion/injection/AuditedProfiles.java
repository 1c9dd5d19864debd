package dev.pillion.injection;

import dev.pillion.catalog.Policy;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.Audited;
import dev.pillion.injection.reason.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what policies in Audit mode would add to a Pod. */
final class AuditedProfiles {

    private AuditedProfiles() {}

    /**
     * The profiles that the policies give and the Pod does not have anyway, each with its outcome.
     *
     * @param audits the policies in Audit mode
     * @param plan the plan without these policies
     * @param enforced the decision if the policies were in Enforce mode
     */
    static List<Audited> of(List<Policy> audits, Plan plan, Decision enforced) {
        List<Audited> audited = new ArrayList<>();
        for (Policy policy : audits) {
            policy.grants().stream()
                    .filter(grant -> !plan.has(grant.name()))
                    .map(grant -> new Audited(
                            policy.name(), grant.name(), enforced instanceof Denied, outcome(grant.name(), enforced)))
                    .forEach(audited::add);
        }
        return audited;
    }

    private static String outcome(String profile, Decision enforced) {
        return switch (enforced) {
            case Denied(Reason reason, var _, var _, var _) ->
                "would be denied (" + reason.code() + "): " + reason.message();
            case Injected _, Unchanged _ -> outcome(profile, enforced.plan());
        };
    }

    private static String outcome(String profile, Plan plan) {
        Optional<String> skipped = plan.skipped().stream()
                .filter(each -> each.profile().name().equals(profile))
                .findFirst()
                .map(each -> "would be left out: " + each.reason().message());
        Optional<String> unmet = plan.unmet().stream()
                .filter(each -> each.request()
                        .filter(request -> request.profile().equals(profile))
                        .isPresent())
                .findFirst()
                .map(each -> "would be missing: " + each.reason().message());
        return skipped.or(() -> unmet).orElse("would be injected");
    }
}
