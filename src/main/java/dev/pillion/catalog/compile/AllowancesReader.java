package dev.pillion.catalog.compile;

import dev.pillion.catalog.Guard;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Policy.Allowances;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.catalog.Profile;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Nearest;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what Pods can still change although a policy enforces a profile. */
final class AllowancesReader {

    private static final String OVERRIDABLE = "overridable";
    private static final String GUARDS = "acceptedGuards";
    private static final String APP_VALUES = "keepAppValues";

    private final Fields grant;
    private final Optional<List<String>> overridable;
    private final List<String> guards;
    private final boolean keepAppValues;

    AllowancesReader(Fields grant, Mode mode) {
        this.grant = grant;
        this.overridable =
                grant.any(OVERRIDABLE).isMissingNode() ? Optional.empty() : Optional.of(grant.texts(OVERRIDABLE));
        this.guards = grant.texts(GUARDS);
        this.keepAppValues = grant.flag(APP_VALUES, false);
        if (mode != Mode.ENFORCE && mode != Mode.AUDIT) {
            for (String field : List.of(OVERRIDABLE, GUARDS, APP_VALUES)) {
                if (!grant.any(field).isMissingNode()) {
                    grant.report(
                            field, "has no effect in mode " + mode + "; it is for policies of modes Enforce and Audit");
                }
            }
        }
    }

    /** @param set the parameters that the policy sets */
    Allowances read(Profile profile, Set<String> set) {
        checkNames(
                OVERRIDABLE,
                overridable.orElse(List.of()),
                profile,
                "parameter",
                profile.parameters().keySet());
        checkNames(
                GUARDS,
                guards,
                profile,
                "guard",
                Stream.concat(profile.skipWhen().stream().map(Guard::name), Guard.OF_EVERY_PROFILE.stream())
                        .collect(Collectors.toSet()));
        overridable.ifPresent(names -> checkOverridable(profile, set, new HashSet<>(names)));
        return new Allowances(overridable.map(HashSet::new), new HashSet<>(guards), keepAppValues);
    }

    private void checkNames(String field, List<String> names, Profile profile, String what, Collection<String> known) {
        for (int index = 0; index < names.size(); index++) {
            if (!known.contains(names.get(index))) {
                String name = names.get(index);
                grant.report(
                        field,
                        index,
                        () -> "profile '" + profile.name() + "' has no " + what + " '" + Excerpt.of(name) + "'"
                                + Nearest.hint(name, known));
            }
        }
    }

    private void checkOverridable(Profile profile, Set<String> set, Set<String> names) {
        for (Parameter parameter : profile.parameters().values()) {
            boolean listed = names.contains(parameter.name());
            if (listed && !parameter.overridable()) {
                grant.report(
                        OVERRIDABLE,
                        "profile '" + profile.name() + "' locks '" + parameter.name()
                                + "'; a policy cannot make it overridable");
            } else if (!listed && parameter.required() && !set.contains(parameter.name())) {
                grant.report(
                        OVERRIDABLE,
                        "profile '" + profile.name() + "' needs a value for '" + parameter.name()
                                + "', but neither the policy nor a Pod can set it; set it under parameters, or list it here");
            }
        }
    }
}
