package dev.pillion.injection.select;

import dev.pillion.catalog.Guard;
import dev.pillion.expression.EvaluationException;
import dev.pillion.expression.Expression;
import dev.pillion.expression.Variables;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.select.EffectivePolicies.Enforcement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out whether a profile is left out of a Pod. */
public final class Guards {

    private final Chosen chosen;
    private final Optional<Enforcement> enforcement;
    private final boolean strict;

    /** Of guards that read no parameter. A condition may cost much, and its answer does not change once there are parameters. */
    private final Map<Guard, Answer> answers = new HashMap<>();

    /**
     * @param enforcement the policy that enforces the profile
     * @param strict whether a guard that the policy does not accept is a denial
     */
    public Guards(Chosen chosen, Optional<Enforcement> enforcement, boolean strict) {
        this.chosen = chosen;
        this.enforcement = enforcement;
        this.strict = strict;
    }

    /**
     * Why the profile is left out by what the Pod alone says. A profile that is left out needs no values, so this is asked before
     * parameters are looked for; a guard that needs them has no answer yet.
     */
    public Optional<Reason> holdingWithoutParameters(Variables variables) throws DeniedException {
        List<Guard> holding = new ArrayList<>();
        for (Guard guard : chosen.profile().skipWhen()) {
            if (answer(guard, variables) instanceof Holds(boolean holds) && holds) {
                holding.add(guard);
            }
        }
        return reason(holding);
    }

    /** Why the profile is left out; empty where no guard holds. */
    public Optional<Reason> holding(Variables variables) throws DeniedException {
        List<Guard> holding = new ArrayList<>();
        for (Guard guard : chosen.profile().skipWhen()) {
            switch (answer(guard, variables)) {
                case Holds(boolean holds) when holds -> holding.add(guard);
                case Holds _ -> {}
                case Fails(EvaluationException failure) ->
                    throw DeniedException.of(
                            chosen.request(),
                            failure,
                            "its guard '" + guard.name() + "' cannot be evaluated for this Pod: ");
            }
        }
        return reason(holding);
    }

    private Answer answer(Guard guard, Variables variables) {
        Answer known = answers.get(guard);
        if (known != null) {
            return known;
        }
        Answer answer = Answer.of(guard.condition(), variables);
        if (!guard.condition().mentions("params")) {
            answers.put(guard, answer);
        }
        return answer;
    }

    /** What a guard's condition says of the Pod. */
    private sealed interface Answer {

        static Answer of(Expression condition, Variables variables) {
            try {
                return new Holds(condition.holds(variables));
            } catch (EvaluationException e) {
                return new Fails(e);
            }
        }
    }

    private record Holds(boolean holds) implements Answer {}

    private record Fails(EvaluationException failure) implements Answer {}

    /** Why the profile is left out for a port or a port name that another container of the Pod has. */
    public Reason portTaken(PortConflict conflict, String remedy) throws DeniedException {
        String guard =
                switch (conflict.claim()) {
                    case PortClaim.Port _, PortClaim.HostPort _ -> Guard.PORT_TAKEN;
                    case PortClaim.Name _ -> Guard.PORT_NAME_TAKEN;
                };
        return left(List.of(new Holding(guard, conflict + "; " + remedy)));
    }

    private Optional<Reason> reason(List<Guard> holding) throws DeniedException {
        if (holding.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(left(holding.stream()
                .map(guard -> new Holding(guard.name(), guard.message()))
                .toList()));
    }

    /** A guard that holds, with what it tells the user. */
    private record Holding(String name, String message) {}

    /** What the profile warns of. */
    public List<Reason> warnings(Variables variables) {
        List<Reason> warnings = new ArrayList<>();
        for (Guard warning : chosen.profile().warnWhen()) {
            try {
                if (warning.condition().holds(variables)) {
                    warnings.add(new Reason(
                            ReasonCode.PROFILE_WARNING, chosen.request().but(warning.message())));
                }
            } catch (EvaluationException e) {
                warnings.add(new Reason(
                        ReasonCode.MATCH_CONDITION_FAILED,
                        chosen.request()
                                .but("its warning '" + warning.name() + "' cannot be evaluated for this Pod: "
                                        + e.getMessage())));
            }
        }
        return warnings;
    }

    /** One guard that the policy accepts is enough, whichever others hold. */
    private Reason left(List<Holding> holding) throws DeniedException {
        Holding first = holding.getFirst();
        if (strict && enforcement.isPresent()) {
            Enforcement enforced = enforcement.get();
            first = holding.stream()
                    .filter(guard -> enforced.allowances().acceptedGuards().contains(guard.name()))
                    .findFirst()
                    .orElseThrow(() -> notAccepted(enforced, holding.getFirst()));
        }
        return new Reason(
                ReasonCode.PROFILE_SKIPPED,
                chosen.request().but("its guard '" + first.name() + "' skips it: " + first.message()));
    }

    private DeniedException notAccepted(Enforcement enforced, Holding guard) {
        return DeniedException.of(
                chosen.request(),
                ReasonCode.GUARD_NOT_ACCEPTED,
                "its guard '" + guard.name() + "' would skip it: " + guard.message()
                        + "; change the Pod, or have the platform team add '" + guard.name()
                        + "' to acceptedGuards of policy " + enforced.policy().name());
    }
}
