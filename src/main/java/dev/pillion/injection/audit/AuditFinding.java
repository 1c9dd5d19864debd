package dev.pillion.injection.audit;

import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Decision;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.Decision.Unchanged;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.PlannedProfile;
import dev.pillion.injection.plan.Plan.Unmet;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.reason.RequestSource;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A difference between an existing Pod and an identical Pod that is created now. The Pod was created while the webhook was unavailable, or
 * before a policy or profile changed; or a policy in Audit mode gives the profile.
 *
 * @param profile the name of the profile; empty if the finding is not about a single profile
 * @param requestedBy who requests the profile; empty if nothing does
 * @param detail what is missing, why it is outdated, or the outcome if the Pod were created now
 * @param differences of an outdated Pod: what would change in it, one phrase each
 */
public record AuditFinding(
        Kind kind, String profile, Optional<RequestSource> requestedBy, String detail, List<String> differences) {

    public AuditFinding {
        differences = List.copyOf(differences);
    }

    public enum Kind {
        /** The Pod would get an addition if it were created now. */
        MISSING,
        /** The Pod has additions that it would not get, or would get in another form, if it were created now. */
        OUTDATED,
        /** A policy enforces a profile that Pillion cannot provide. A new Pod would lack it too. */
        UNMET,
        /** The Pod would be denied if it were created now. */
        DENIED,
        /** A policy in Audit mode would give the profile if it were in Enforce mode. */
        AUDITED,
        /** A policy in Audit mode would deny the Pod if it were in Enforce mode. */
        AUDITED_DENIAL;

        /** The kind as it is written in reports and metrics, for example {@code audited-denial}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** The detail, and the differences if there are any. */
    public String description() {
        return differences.isEmpty() ? detail : detail + "; differences: " + String.join("; ", differences);
    }

    static AuditFinding of(Kind kind, ProfileRequest request, String detail) {
        return new AuditFinding(kind, request.profile(), Optional.of(request.source()), detail, List.of());
    }

    static AuditFinding ofPod(Kind kind, String detail) {
        return new AuditFinding(kind, "", Optional.empty(), detail, List.of());
    }

    static AuditFinding missing(PlannedProfile planned) {
        return of(Kind.MISSING, planned.request(), String.join("; ", planned.additions()));
    }

    /**
     * The findings for an existing Pod, from the decision for an identical Pod that is created now.
     *
     * @param lacking the profiles that policies enforce for the Pod and that the catalog cannot provide
     */
    static List<AuditFinding> of(
            Pod pod, Decision decision, List<Unmet> lacking, Catalog catalog, Audit.Detail detail) {
        List<AuditFinding> findings = new ArrayList<>();
        switch (decision) {
            case Injected injected
            when injected.plan().changedRequest().isPresent() ->
                findings.addAll(new OutdatedProfiles(pod, catalog).replacedBy(injected, detail));
            case Injected(Plan plan, var _) ->
                plan.profiles().stream()
                        .filter(planned -> !planned.additions().isEmpty())
                        .map(AuditFinding::missing)
                        .forEach(findings::add);
            case Denied denied
            when denied.reason().code() == ReasonCode.CHANGED_REQUEST ->
                findings.addAll(
                        new OutdatedProfiles(pod, catalog).leftIn(denied).orElseGet(() -> denials(denied)));
            case Denied denied -> findings.addAll(denials(denied));
            case Unchanged unchanged
            when unchanged.plan().changedRequest().isPresent() ->
                findings.addAll(new OutdatedProfiles(pod, catalog).notRequested(Set.of()));
            case Unchanged _ -> {}
        }
        List<AuditFinding> unmet = UnmetProfiles.of(pod, lacking);
        // Their details say why a new Pod would not have the profile.
        findings.removeIf(finding -> finding.kind() == Kind.OUTDATED
                && unmet.stream().anyMatch(each -> each.profile().equals(finding.profile())));
        findings.addAll(unmet);
        decision.plan().audited().stream()
                .map(audited ->
                        of(audited.denied() ? Kind.AUDITED_DENIAL : Kind.AUDITED, audited.request(), audited.outcome()))
                .forEach(findings::add);
        return findings;
    }

    private static List<AuditFinding> denials(Denied denied) {
        Reason reason = denied.reason();
        String detail = reason.message() + " (" + reason.code() + ")";
        return denied.requests().isEmpty()
                ? List.of(ofPod(Kind.DENIED, detail))
                : denied.requests().stream()
                        .map(request -> of(Kind.DENIED, request, detail))
                        .toList();
    }
}
