package dev.pillion.injection.select;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.parameter.ParameterNames;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Nearest;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.select.Requests.Value;
import dev.pillion.pod.Pod;
import dev.pillion.pod.ReviewLimits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Annotations that set the parameters of profiles, for example {@code logging.pillion.dev/path}. */
final class ParameterAnnotations {

    private ParameterAnnotations() {}

    /**
     * The values, by profile and parameter.
     *
     * @param mistakes get a denial for each annotation that names an unknown profile or parameter
     */
    static Map<String, Map<String, Value>> values(Pod pod, Catalog catalog, DenialCollector mistakes) {
        Map<String, Map<String, Value>> values = new LinkedHashMap<>();
        for (Map.Entry<String, String> annotation : pod.annotations().entrySet()) {
            String name = annotation.getKey();
            if (!Annotations.isParameter(name)) {
                continue;
            }
            Optional<Profile> profile = catalog.profile(Annotations.profileOf(name));
            if (profile.isEmpty()) {
                String requested = Annotations.parameterOf(name);
                boolean swapped = Annotations.profileOf(name).equals("inject")
                        && catalog.profile(requested).isPresent();
                mistakes.add(() -> new DeniedException(
                        ReasonCode.UNKNOWN_PROFILE,
                        "annotation " + Excerpt.of(name) + ": "
                                + (swapped
                                        ? "to request the profile, write " + Annotations.INJECT + ": " + requested
                                        : ProfileNames.unknown(Annotations.profileOf(name), "", catalog))));
                continue;
            }
            String parameter = Annotations.parameterOf(name);
            if (ParameterNames.meaning(parameter) != null) {
                continue;
            }
            if (!profile.get().parameters().containsKey(parameter)) {
                mistakes.addUnknownParameter(
                        profile.get().name(),
                        () -> new DeniedException(
                                ReasonCode.UNKNOWN_PARAMETER,
                                "annotation " + Excerpt.of(name) + ": profile '"
                                        + profile.get().name() + "' has no parameter '"
                                        + Excerpt.of(parameter) + "'"
                                        + hint(
                                                parameter,
                                                profile.get().parameters().keySet())));
                continue;
            }
            values.computeIfAbsent(profile.get().name(), key -> new LinkedHashMap<>())
                    .put(parameter, new Value(name, annotation.getValue()));
        }
        return values;
    }

    /**
     * Warnings about annotations of profiles that nothing requests, one for each profile.
     *
     * @param profiles that are requested
     */
    static List<Reason> unused(Pod pod, Set<String> profiles, Catalog catalog) {
        Map<String, Reason> warnings = new LinkedHashMap<>();
        for (String annotation : pod.annotations().keySet()) {
            if (Annotations.isParameter(annotation)) {
                String profile = Annotations.profileOf(annotation);
                if (!profiles.contains(profile)
                        && warnings.size() < ReviewLimits.WARNINGS
                        && catalog.profile(profile).isPresent()) {
                    warnings.putIfAbsent(
                            profile,
                            new Reason(
                                    ReasonCode.PARAMETER_UNUSED,
                                    "annotation " + annotation + " has no effect: nothing requests profile '" + profile
                                            + "'; add " + Annotations.INJECT + ": " + profile));
                }
            }
        }
        return List.copyOf(warnings.values());
    }

    /** Suggests the nearest parameter, or a reserved name, which is not a parameter but is written in the same way. */
    private static String hint(String parameter, Set<String> parameters) {
        return Nearest.to(parameter, parameters).isEmpty()
                        && Nearest.to(parameter, ParameterNames.RESERVED).isPresent()
                ? Nearest.question(parameter, ParameterNames.RESERVED)
                : Nearest.hint(parameter, parameters);
    }
}
