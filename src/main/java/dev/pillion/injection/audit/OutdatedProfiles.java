package dev.pillion.injection.audit;

import dev.pillion.catalog.Catalog;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.Decision.Injected;
import dev.pillion.injection.audit.AuditFinding.Kind;
import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.PlannedProfile;
import dev.pillion.injection.plan.Status;
import dev.pillion.injection.plan.Status.Given;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.uninject.StatusComparison;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The profiles of an existing Pod's status that the Pod would not get now, or would get in another form. */
final class OutdatedProfiles {

    private final Pod pod;
    private final Catalog catalog;
    private final Status earlier;

    OutdatedProfiles(Pod pod, Catalog catalog) {
        this.pod = pod;
        this.catalog = catalog;
        this.earlier = Status.of(pod);
    }

    /** The findings for a Pod whose additions would be replaced. */
    List<AuditFinding> replacedBy(Injected decision, Audit.Detail detail) {
        Plan plan = decision.plan();
        Pod replaced = AdditionChange.after(decision, pod);
        Status now = Status.of(replaced);
        AdditionDifferences additions = new AdditionDifferences(pod, earlier, replaced, now);
        Function<String, List<String>> differences =
                detail == Audit.Detail.DIFFERENCES ? name -> additions.of(name, plan) : name -> List.of();
        List<AuditFinding> findings = new ArrayList<>();
        earlier.profiles().forEach((name, given) -> {
            Optional<PlannedProfile> planned = plan.planned(name);
            cause(
                            name,
                            given,
                            planned.flatMap(
                                    _ -> Optional.ofNullable(now.profiles().get(name))))
                    .ifPresent(cause -> findings.add(finding(name, planned, cause, differences.apply(name))));
        });
        for (PlannedProfile planned : plan.profiles()) {
            if (!earlier.profiles().containsKey(planned.profile().name())) {
                findings.add(AuditFinding.missing(planned));
            }
        }
        return findings.isEmpty() ? withoutCause(plan, differences) : findings;
    }

    /** The order of the profiles differs, or someone has changed an addition. */
    private List<AuditFinding> withoutCause(Plan plan, Function<String, List<String>> differences) {
        String detail = plan.changedRequest().map(Reason::message).orElse("");
        return plan.profiles().stream()
                .map(planned -> finding(
                        planned.profile().name(),
                        Optional.of(planned),
                        detail,
                        differences.apply(planned.profile().name())))
                .toList();
    }

    /**
     * The findings for a Pod that would be denied only because additions of profiles that nothing requests cannot be removed from it. A new Pod of
     * its workload does not have these additions. Empty if something requests all of them.
     */
    Optional<List<AuditFinding>> leftIn(Denied decision) {
        Set<String> requested =
                decision.requests().stream().map(ProfileRequest::profile).collect(Collectors.toSet());
        List<AuditFinding> findings = new ArrayList<>(notRequested(requested));
        if (findings.isEmpty()) {
            return Optional.empty();
        }
        decision.requests().stream()
                .filter(request -> !earlier.profiles().containsKey(request.profile()))
                .map(request -> AuditFinding.of(Kind.MISSING, request, "the Pod has none of its additions"))
                .forEach(findings::add);
        return Optional.of(findings);
    }

    /** A finding for each profile of the status that is not requested. */
    List<AuditFinding> notRequested(Set<String> requested) {
        return earlier.profiles().keySet().stream()
                .filter(name -> !requested.contains(name))
                .map(name -> finding(name, Optional.empty(), notRequested(name), List.of()))
                .toList();
    }

    /** Why a profile that the Pod has is outdated; empty if it is not. */
    private Optional<String> cause(String name, Given given, Optional<Given> current) {
        return StatusComparison.difference(given, current).map(difference -> switch (difference) {
            case GONE -> notRequested(name);
            case GENERATION ->
                "generation " + given.generation() + " was injected, and "
                        + current.orElseThrow().generation()
                        + (isInForce(name, current.get()) ? " is in force now" : " applies to it now");
            case REQUEST -> "it was injected with other values or for other containers";
        });
    }

    private boolean isInForce(String name, Given given) {
        return catalog.profile(name)
                .filter(profile -> profile.generation().equals(given.generation()))
                .isPresent();
    }

    private String notRequested(String name) {
        return catalog.profile(name).isPresent() ? "nothing requests it now" : "there is no profile '" + name + "' now";
    }

    private static AuditFinding finding(
            String name, Optional<PlannedProfile> planned, String detail, List<String> differences) {
        return new AuditFinding(Kind.OUTDATED, name, planned.map(PlannedProfile::requestedBy), detail, differences);
    }
}
