package dev.pillion.cli.plan;

import dev.pillion.cli.option.Keywords;
import dev.pillion.injection.Decision.Denied;
import dev.pillion.injection.audit.AdditionChange;
import dev.pillion.injection.plan.Plan.Audited;
import dev.pillion.injection.plan.Plan.Unmet;
import dev.pillion.injection.reason.ProfileRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A change for the new Pods of a workload.
 *
 * @param profile the name of the profile; empty if the change is not about a profile
 * @param requestedBy who requests the profile; empty if nothing does
 * @param differences the parts of additions that change, one phrase each
 */
record PlannedChange(Kind kind, String profile, String requestedBy, String detail, List<String> differences) {

    /** In the order of reports. */
    enum Kind {
        /** Pillion would deny the Pods and does not deny them now. */
        DENIED,
        /** The API server would reject the Pods because of their companions, and does not reject them now. */
        REJECTED,
        GAINS,
        CHANGES,
        LOSES,
        /** Pillion denies the Pods now and would not deny them. */
        ADMITTED,
        /** Pillion denies the Pods now and would still deny them. */
        STILL_DENIED,
        /** The API server would reject the Pods, and does so now. */
        STILL_REJECTED,
        /** A policy enforces the profile, and Pillion cannot provide it. The Pods would start without it, with a warning. */
        UNMET,
        /** A policy in Audit mode would give the profile if it were in Enforce mode, and none does now. */
        AUDITED,
        /** A policy in Audit mode would deny the Pods if it were in Enforce mode, and none does now. */
        AUDITED_DENIAL;

        /** For example {@code still-denied}. */
        @Override
        public String toString() {
            return Keywords.of(this);
        }

        /** Whether Pods that are created now would not be created any more. */
        boolean blocks() {
            return this == DENIED || this == REJECTED;
        }

        /** Whether new Pods become other ones than now. */
        boolean changesPods() {
            return switch (this) {
                case DENIED, REJECTED, GAINS, CHANGES, LOSES, ADMITTED -> true;
                case STILL_DENIED, STILL_REJECTED, UNMET, AUDITED, AUDITED_DENIAL -> false;
            };
        }

        /** Whether new Pods are not created now either. */
        boolean blocksAlready() {
            return this == STILL_DENIED || this == STILL_REJECTED;
        }
    }

    PlannedChange {
        differences = List.copyOf(differences);
    }

    static PlannedChange of(AdditionChange change) {
        Kind kind =
                switch (change.kind()) {
                    case GAINS -> Kind.GAINS;
                    case CHANGES -> Kind.CHANGES;
                    case LOSES -> Kind.LOSES;
                };
        return new PlannedChange(
                kind,
                change.profile(),
                change.requestedBy().map(Object::toString).orElse(""),
                change.detail(),
                change.differences());
    }

    static PlannedChange of(Audited audited) {
        return new PlannedChange(
                audited.denied() ? Kind.AUDITED_DENIAL : Kind.AUDITED,
                audited.profile(),
                audited.requestedBy().toString(),
                audited.outcome(),
                List.of());
    }

    static PlannedChange of(Unmet unmet) {
        return new PlannedChange(
                Kind.UNMET,
                unmet.request().map(ProfileRequest::profile).orElse(""),
                unmet.request().map(request -> request.source().toString()).orElse(""),
                unmet.reason().message(),
                List.of());
    }

    static PlannedChange of(Kind kind, Denied denied) {
        return new PlannedChange(
                kind,
                denied.requests().stream()
                        .map(ProfileRequest::profile)
                        .distinct()
                        .collect(Collectors.joining(", ")),
                denied.requests().stream()
                        .map(request -> request.source().toString())
                        .distinct()
                        .collect(Collectors.joining(", ")),
                denied.message(),
                List.of());
    }

    static PlannedChange ofPod(Kind kind, String detail) {
        return new PlannedChange(kind, "", "", detail, List.of());
    }

    /** The detail, and the differences if there are any. */
    String description() {
        return Optional.of(differences)
                .filter(list -> !list.isEmpty())
                .map(list -> detail + "; differences: " + String.join("; ", list))
                .orElse(detail);
    }
}
