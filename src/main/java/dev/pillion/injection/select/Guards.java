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

/** Evaluates the guards of a profile, which skip it for some Pods. */
public final class Guards {

    private final Chosen chosen;
    private final Optional<Enforcement> enforcement;
    private final boolean strict;

    /** The results of guards that read no parameter. They stay the same when parameters are known, and are expensive to compute. */
    private final Map<Guard, GuardResult> results = new HashMap<>();

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
     * Why the profile is skipped, as far as that does not depend on parameters; empty if it is not skipped. A skipped profile needs no
     * parameters, so these guards come first.
     */
    public Optional<Reason> holdingWithoutParameters(Variables variables) throws DeniedException {
        List<Guard> holding = new ArrayList<>();
        for (Guard guard : chosen.profile().skipWhen()) {
            if (result(guard, variables) instanceof Holds(boolean holds) && holds) {
                holding.add(guard);
            }
        }
        return reason(holding);
    }

    /** Why the profile is skipped; empty if no guard is true. */
    public Optional<Reason> holding(Variables variables) throws DeniedException {
        List<Guard> holding = new ArrayList<>();
        for (Guard guard : chosen.profile().skipWhen()) {
            switch (result(guard, variables)) {
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

    private GuardResult result(Guard guard, Variables variables) {
        GuardResult known = results.get(guard);
        if (known != null) {
            return known;
        }
        GuardResult result = GuardResult.of(guard.condition(), variables);
        if (!guard.condition().mentions("params")) {
            results.put(guard, result);
        }
        return result;
    }

    /** The result of a condition. */
    private sealed interface GuardResult {

        static GuardResult of(Expression condition, Variables variables) {
            try {
                return new Holds(condition.isTrue(variables));
            } catch (EvaluationException e) {
                return new Fails(e);
            }
        }
    }

    private record Holds(boolean holds) implements GuardResult {}

    private record Fails(EvaluationException failure) implements GuardResult {}

    /** Why the profile is skipped for a port, or a port's name, that another container of the Pod uses. */
    public Reason portTaken(PortConflict conflict, String remedy) throws DeniedException {
        String guard =
                switch (conflict.claim()) {
                    case PortClaim.Port _, PortClaim.HostPort _ -> Guard.PORT_TAKEN;
                    case PortClaim.Name _ -> Guard.PORT_NAME_TAKEN;
                };
        return skip(List.of(new Holding(guard, conflict + "; " + remedy)));
    }

    private Optional<Reason> reason(List<Guard> holding) throws DeniedException {
        if (holding.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(skip(holding.stream()
                .map(guard -> new Holding(guard.name(), guard.message()))
                .toList()));
    }

    /** A guard that is true, and its message for the user. */
    private record Holding(String name, String message) {}

    /** The profile's own warnings. */
    public List<Reason> warnings(Variables variables) {
        List<Reason> warnings = new ArrayList<>();
        for (Guard warning : chosen.profile().warnWhen()) {
            try {
                if (warning.condition().isTrue(variables)) {
                    warnings.add(new Reason(
                            ReasonCode.PROFILE_WARNING, chosen.request().but(warning.message())));
                }
            } catch (EvaluationException e) {
                warnings.add(new Reason(
                        ReasonCode.MATCH_CONDITION_FAILED,
                        chosen.request()
                                .but("the condition of its warning '" + warning.name()
                                        + "' cannot be evaluated for this Pod: " + e.getMessage())));
            }
        }
        return warnings;
    }

    /** In a strict namespace, an enforced profile is skipped if the policy accepts one of the guards. */
    private Reason skip(List<Holding> holding) throws DeniedException {
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
