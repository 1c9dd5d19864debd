package dev.pillion.injection.select;

import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Policy.Allowances;
import dev.pillion.catalog.ProtectedParameters;
import dev.pillion.injection.plan.RenderedProfile.Chosen;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.select.EffectivePolicies.Enforcement;
import dev.pillion.injection.select.EffectivePolicies.Setting;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which parameters of a profile a Pod's annotations may set. Where a policy enforces the profile, they cannot set what decides what the
 * companion runs, unless the policy lists it as overridable; and if it lists any, nothing else. A required parameter that no policy sets is
 * the Pod's, since nobody else could set it.
 */
public final class PodOverrides {

    private final Chosen chosen;
    private final Map<String, Setting> settings;
    private final Optional<Enforcement> enforcement;
    private @Nullable Set<String> guarded;

    /** @param settings what policies set */
    public PodOverrides(Chosen chosen, Map<String, Setting> settings, Optional<Enforcement> enforcement) {
        this.chosen = chosen;
        this.settings = settings;
        this.enforcement = enforcement;
    }

    /** Whether the Pod may set a parameter, as far as the profile and the policy that enforces it decide. */
    public boolean allow(Parameter parameter) {
        if (!parameter.overridable() || enforcement.isEmpty()) {
            return parameter.overridable();
        }
        Allowances allowances = enforcement.get().allowances();
        if (allowances.overridable().isPresent()) {
            return allowances.opens(parameter.name());
        }
        boolean onlyPods = parameter.required() && !settings.containsKey(parameter.name());
        return onlyPods || !guarded().contains(parameter.name());
    }

    /** Finds the annotations that may not be there. A parameter that a policy locks is compared with the policy's value later. */
    void check(Map<String, Requests.Value> set, DenialCollector mistakes) {
        if (enforcement.isEmpty()) {
            return;
        }
        for (Map.Entry<String, Requests.Value> value : set.entrySet()) {
            @Nullable Parameter parameter = chosen.profile().parameters().get(value.getKey());
            @Nullable Setting setting = settings.get(value.getKey());
            boolean locked = setting != null && setting.locked();
            // What the profile itself locks is refused where the value is read.
            if (parameter != null && parameter.overridable() && !locked && !allow(parameter)) {
                String policy = enforcement.get().policy().name();
                mistakes.add(DeniedException.ofValue(
                        chosen.request(),
                        ReasonCode.LOCKED_PARAMETER,
                        value.getValue().annotation(),
                        "policy " + policy + " enforces the profile and does not let Pods set '" + parameter.name()
                                + "'; remove the annotation, or have the platform team add '" + parameter.name()
                                + "' to overridable of policy " + policy));
            }
        }
    }

    private Set<String> guarded() {
        Set<String> known = guarded;
        if (known == null) {
            known = ProtectedParameters.of(chosen.profile());
            guarded = known;
        }
        return known;
    }
}
