package dev.pillion.injection;

import dev.pillion.catalog.Guard;
import dev.pillion.expression.EvaluationException;
import dev.pillion.expression.Variables;
import dev.pillion.injection.Rendered.Chosen;
import java.util.Optional;

/** Finds out whether a profile is to be left out. */
final class Guards {

    private Guards() {}

    /**
     * The first guard that holds for the Pod alone. A profile that is left out needs no values, so this is asked before parameters
     * are looked for; a guard that needs them cannot say yet.
     */
    static Optional<Reason> holdingWithoutParameters(Chosen chosen, Variables variables) {
        for (Guard guard : chosen.profile().skipWhen()) {
            try {
                if (guard.condition().holds(variables)) {
                    return Optional.of(reason(chosen, guard));
                }
            } catch (EvaluationException e) {
                continue;
            }
        }
        return Optional.empty();
    }

    /** The first guard that holds. */
    static Optional<Reason> holding(Chosen chosen, Variables variables) throws Denial {
        for (Guard guard : chosen.profile().skipWhen()) {
            try {
                if (guard.condition().holds(variables)) {
                    return Optional.of(reason(chosen, guard));
                }
            } catch (EvaluationException e) {
                throw Denial.of(
                        chosen.request(),
                        Code.EXPRESSION_FAILED,
                        "its guard '" + guard.name() + "' cannot be evaluated for this Pod: " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    private static Reason reason(Chosen chosen, Guard guard) {
        return new Reason(
                Code.PROFILE_SKIPPED,
                chosen.request().but("its guard '" + guard.name() + "' skips it: " + guard.message()));
    }
}
