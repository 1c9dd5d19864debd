package dev.pillion.injection;

import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.Audited;
import dev.pillion.injection.plan.Plan.Unmet;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.patch.Patch;
import java.util.List;

/** What is to be done with a Pod. */
public sealed interface Decision {

    /** What the Pod has or would have had; empty for one that is refused. */
    Plan plan();

    /** The same decision, with what policies that only watch would have done. */
    Decision with(List<Audited> audited);

    /** The same decision, with what policies enforce and the catalog cannot provide. */
    default Decision withUnmet(List<Unmet> unmet) {
        if (unmet.isEmpty()) {
            return this;
        }
        return switch (this) {
            case Injected(Plan plan, Patch patch) -> new Injected(plan.withUnmet(unmet), patch);
            case Unchanged(Reason reason, Plan plan) -> new Unchanged(reason, plan.withUnmet(unmet));
            case Denied denied -> denied;
        };
    }

    /** The Pod gets what the plan says, by this patch. */
    record Injected(Plan plan, Patch patch) implements Decision {

        @Override
        public Decision with(List<Audited> audited) {
            return new Injected(plan.with(audited), patch);
        }
    }

    /** The Pod stays as it is. The plan says what it has or would have had, and may hold warnings. */
    record Unchanged(Reason reason, Plan plan) implements Decision {

        @Override
        public Decision with(List<Audited> audited) {
            return new Unchanged(reason, plan.with(audited));
        }
    }

    /**
     * The Pod is refused.
     *
     * @param reason for all mistakes together
     * @param requests the requests that it is refused for; empty when no single profile is the cause
     * @param mistakes one by one, at least one
     * @param others how many further mistakes there are
     */
    record Denied(Reason reason, List<ProfileRequest> requests, List<Reason> mistakes, int others) implements Decision {

        public Denied {
            requests = List.copyOf(requests);
            mistakes = List.copyOf(mistakes);
        }

        /** For one reason. */
        public Denied(Reason reason, List<ProfileRequest> requests) {
            this(reason, requests, List.of(reason), 0);
        }

        @Override
        public Plan plan() {
            return Plan.empty();
        }

        @Override
        public Decision with(List<Audited> audited) {
            return this;
        }
    }
}
