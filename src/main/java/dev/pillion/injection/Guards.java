package dev.pillion.injection;

import dev.pillion.catalog.Guard;
import dev.pillion.catalog.Profile;
import dev.pillion.expression.EvaluationException;
import dev.pillion.expression.Variables;
import java.util.Optional;

/** Finds out whether a profile is to be left out. */
final class Guards {

    private Guards() {}

    /**
     * The first guard that holds for the Pod alone. A profile that is left out needs no values, so this is asked before parameters
     * are looked for; a guard that needs them cannot say yet.
     */
    static Optional<Reason> holdingWithoutParameters(Profile profile, Variables variables) {
        for (Guard guard : profile.skipWhen()) {
            try {
                if (guard.condition().holds(variables)) {
                    return Optional.of(reason(profile, guard));
                }
            } catch (EvaluationException e) {
                continue;
            }
        }
        return Optional.empty();
    }

    /** The first guard that holds. */
    static Optional<Reason> holding(Profile profile, Variables variables) throws Denial {
        for (Guard guard : profile.skipWhen()) {
            try {
                if (guard.condition().holds(variables)) {
                    return Optional.of(reason(profile, guard));
                }
            } catch (EvaluationException e) {
                throw new Denial(
                        Code.EXPRESSION_FAILED,
                        "profile '" + profile.name() + "' cannot be worked out for this Pod: guard '" + guard.name()
                                + "': " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    private static Reason reason(Profile profile, Guard guard) {
        return new Reason(
                Code.PROFILE_SKIPPED, profile.name() + " was left out (" + guard.name() + "): " + guard.message());
    }
}
