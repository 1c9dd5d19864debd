package dev.pillion.injection.comply;

import dev.pillion.catalog.Profile;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.select.EffectivePolicies;
import java.util.ArrayList;
import java.util.List;

/** Collects the differences between a Pod and enforced profiles. Each names the policy that enforces the profile. */
final class ComplianceFindings {

    private final EffectivePolicies policies;
    private final List<Reason> findings = new ArrayList<>();

    ComplianceFindings(EffectivePolicies policies) {
        this.policies = policies;
    }

    /** @param part as {@code volume pillion-var-log-app} */
    void missing(Profile profile, String part) {
        add(profile, ReasonCode.COMPANION_MISSING, "the Pod lacks " + part);
    }

    /** @param difference as {@code container log-tailer differs from the profile: ...} */
    void changed(Profile profile, String difference) {
        add(profile, ReasonCode.COMPANION_CHANGED, difference);
    }

    void add(Profile profile, ReasonCode code, String sentence) {
        String policy = policies.enforcing(profile.name())
                .map(enforcement -> enforcement.policy().name())
                .orElseThrow();
        findings.add(new Reason(code, "policy '" + policy + "' enforces '" + profile.name() + "', and " + sentence));
    }

    /** Whether the policy lets the app set the values that the profile sets. */
    boolean keepsAppValues(Profile profile) {
        return policies.enforcing(profile.name())
                .filter(enforcement -> enforcement.allowances().keepAppValues())
                .isPresent();
    }

    List<Reason> asList() {
        return findings;
    }
}
