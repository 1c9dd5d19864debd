package dev.pillion.admission;

import dev.pillion.admission.ExistingPods.Count;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.catalog.resource.CatalogResource.Id;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.injection.reason.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Denies a profile or policy with which existing Pods would be denied when they are replaced, unless an annotation acknowledges that. */
final class DenialGuard {

    /** An annotation. With the value {@code "true"}, the profile or policy may deny existing Pods. */
    static final String ACKNOWLEDGE = "pillion.dev/acknowledge-denials";

    private final ExistingPods pods;

    DenialGuard(ExistingPods pods) {
        this.pods = pods;
    }

    /** @param denial empty if the resource is admitted */
    record Result(Optional<String> denial, List<String> warnings) {}

    /**
     * @param changed the catalog with the changed resource, without the policies that have ended
     * @param request for the change; if the resource will not be stored, it is admitted with a warning
     */
    Result check(Id resource, Catalog changed, AdmissionRequest request) {
        List<Policy> policies = injecting(resource, changed);
        Count denied = policies.isEmpty() ? Count.ZERO : pods.newlyDenied(changed, policies);
        List<String> warnings = new ArrayList<>();
        denied.gap()
                .ifPresent(gap ->
                        warnings.add(resource + ": not all existing Pods that it may deny were counted: " + gap));
        if (denied.pods() == 0) {
            return new Result(Optional.empty(), warnings);
        }
        String consequence = resource + " would deny " + number(denied)
                + (denied.pods() == 1 ? " when it is replaced" : " when they are replaced");
        boolean acknowledged = request.object()
                .path("metadata")
                .path("annotations")
                .path(ACKNOWLEDGE)
                .asText()
                .equals("true");
        if (acknowledged) {
            warnings.addFirst(consequence + example(denied));
            return new Result(Optional.empty(), warnings);
        }
        String denial = consequence + " (" + ReasonCode.DENIES_EXISTING_PODS
                + "); change these Pods first, or set the annotation " + ACKNOWLEDGE + ": \"true\" on the "
                + (resource.kind() == Kind.PROFILE ? "profile" : "policy") + example(denied);
        if (request.dryRun()) {
            warnings.addFirst("without --dry-run, this is denied: " + denial);
            return new Result(Optional.empty(), warnings);
        }
        return new Result(Optional.of(denial), List.of());
    }

    /** A warning if existing Pods keep the companions of a profile that is deleted. */
    List<String> leftBehind(Id profile) {
        Count using = pods.withCompanionsOf(profile.name());
        return using.pods() == 0
                ? List.of()
                : List.of(profile + " is deleted, but " + number(using)
                        + (using.pods() == 1 ? " keeps" : " keep")
                        + " its companions until replaced" + example(using));
    }

    private static String number(Count count) {
        return (count.gap().isPresent() ? "at least " : "")
                + count.pods()
                + (count.pods() == 1 ? " existing Pod" : " existing Pods");
    }

    private static String example(Count count) {
        return count.example().map(example -> "; for example, " + example).orElse("");
    }

    /** The changed policy, or the policies that inject the changed profile. Other policies deny no Pod because of the change. */
    private static List<Policy> injecting(Id changed, Catalog catalog) {
        return catalog.policies().stream()
                .filter(policy -> policy.mode() == Mode.ENFORCE || policy.mode() == Mode.DEFAULT)
                .filter(policy -> switch (changed.kind()) {
                    case POLICY -> policy.name().equals(changed.name());
                    case PROFILE ->
                        policy.grants().stream()
                                .anyMatch(grant -> grant.profile().equals(changed.name()));
                })
                .toList();
    }
}
