package dev.pillion.injection;

import dev.pillion.injection.plan.Plan;
import dev.pillion.injection.plan.Plan.Audited;
import dev.pillion.injection.plan.Plan.Unmet;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.patch.Patch;
import java.util.List;

/** What to do with a Pod. */
public sealed interface Decision {

    /** What the Pod gets, or has already; empty for a Pod that is denied. */
    Plan plan();

    /** The same decision, with the outcomes of policies in Audit mode. */
    Decision with(List<Audited> audited);

    /** The same decision with another warning. A denial has none. */
    default Decision withWarning(Reason warning) {
        return switch (this) {
            case Injected(Plan plan, Patch patch) -> new Injected(plan.withWarning(warning), patch);
            case Unchanged(Reason reason, Plan plan) -> new Unchanged(reason, plan.withWarning(warning));
            case Denied denied -> denied;
        };
    }

    /** The same decision, with requirements of policies that the catalog cannot meet. */
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

    /** The patch adds the plan to the Pod. */
    record Injected(Plan plan, Patch patch) implements Decision {

        @Override
        public Decision with(List<Audited> audited) {
            return new Injected(plan.with(audited), patch);
        }
    }

    /** The Pod stays as it is. The plan contains what the Pod has already, and warnings. */
    record Unchanged(Reason reason, Plan plan) implements Decision {

        @Override
        public Decision with(List<Audited> audited) {
            return new Unchanged(reason, plan.with(audited));
        }
    }

    /**
     * The Pod is denied.
     *
     * @param reason for all mistakes together; the message has a code after each mistake if there are several
     * @param requests the requests that cause the denial; empty when no single profile is the cause
     * @param mistakes each mistake, at least one
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

        /** The message for people, with the code of each mistake. */
        public String message() {
            return mistakes.size() == 1 && others == 0
                    ? reason.message() + " (" + reason.code() + ")"
                    : reason.message();
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
