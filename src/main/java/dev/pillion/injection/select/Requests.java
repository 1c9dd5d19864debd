package dev.pillion.injection.select;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.parameter.ParameterNames;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Nearest;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.reason.RequestSource;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.pod.ReviewLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for a Pod: by its own annotations, by its namespace's, and by policies.
 *
 * @param profiles each profile's name, which may be that of an instance, and who requests it, in order
 * @param values of parameters that annotations set, by profile and parameter
 * @param containers which of the Pod's containers were chosen; empty for all
 * @param selections which of them were chosen for one profile alone, by profile
 * @param optedOut whether the Pod wants nothing, and has to have nothing
 * @param warnings what was said and has no effect
 */
public record Requests(
        Map<String, RequestSource> profiles,
        Map<String, Map<String, Value>> values,
        List<String> containers,
        Map<String, Selection> selections,
        boolean optedOut,
        List<Reason> warnings) {

    private static final String WAIT_FOR_PROFILE = "wait-for";
    private static final String WAIT_FOR_PARAMETER = "targets";

    /** @param annotation which set it */
    public record Value(String annotation, String text) {}

    /**
     * The containers that a Pod selects.
     *
     * @param annotation which selects them
     */
    record Selection(String annotation, List<String> names) {}

    /** Reads them, and refuses what names nothing that there is. */
    public static Requests read(Pod pod, Namespace namespace, Catalog catalog, EffectivePolicies rulings)
            throws DeniedException {
        DenialCollector mistakes = new DenialCollector();
        Requests requests = read(pod, namespace, catalog, rulings, mistakes);
        mistakes.check();
        return requests;
    }

    /** Reads them; what names nothing that there is, is left out and is among the mistakes. */
    public static Requests read(
            Pod pod, Namespace namespace, Catalog catalog, EffectivePolicies rulings, DenialCollector mistakes) {
        boolean optsOut = isFalse(pod.annotations().get(Annotations.INJECT));
        Map<String, RequestSource> profiles = new LinkedHashMap<>();
        rulings.given(Mode.ENFORCE)
                .forEach((profile, policy) -> profiles.put(profile, new RequestSource.PolicyGrant(policy.name())));
        List<Reason> warnings = new ArrayList<>(rulings.warnings());
        warnings.addAll(MisplacedRequests.of(pod, namespace, catalog));
        warnings.addAll(empty(pod));
        if (optsOut && profiles.isEmpty()) {
            return new Requests(Map.of(), Map.of(), List.of(), Map.of(), true, warnings);
        }
        findUnknown(pod, catalog, mistakes);
        Map<String, Map<String, Value>> values = values(pod, catalog, mistakes);
        if (optsOut) {
            warnings.add(new Reason(
                    ReasonCode.OPT_OUT_IGNORED,
                    "annotation " + Annotations.INJECT + ": \"false\" has no effect on "
                            + String.join(", ", profiles.keySet()) + ", which "
                            + profiles.values().stream()
                                    .map(RequestSource::toString)
                                    .distinct()
                                    .sorted()
                                    .collect(Collectors.joining(" and "))
                            + " enforces"));
            return new Requests(profiles, values, List.of(), Map.of(), false, warnings);
        }
        List<ProfileRequest> enforced = requested(profiles);
        asked(pod, namespace, catalog, mistakes).forEach(profiles::putIfAbsent);
        addTargets(pod, profiles, values, mistakes);
        if (pod.annotations().containsKey(Annotations.INJECT)
                || !isFalse(namespace.annotations().get(Annotations.INJECT))) {
            rulings.given(Mode.DEFAULT)
                    .forEach((profile, policy) ->
                            profiles.putIfAbsent(profile, new RequestSource.PolicyGrant(policy.name())));
        }
        List<String> containers = list(pod.annotations().getOrDefault(Annotations.CONTAINERS, ""));
        if (!enforced.isEmpty() && !containers.isEmpty()) {
            warnings.add(new Reason(
                    ReasonCode.CONTAINERS_IGNORED,
                    "annotation " + Annotations.CONTAINERS + " has no effect where a policy enforces a profile: "
                            + ProfileRequest.all(enforced)));
            containers = List.of();
        }
        Map<String, Selection> selections = selections(pod, profiles.keySet());
        for (ProfileRequest request : enforced) {
            Selection selection = selections.remove(request.profile());
            if (selection != null) {
                warnings.add(new Reason(
                        ReasonCode.CONTAINERS_IGNORED,
                        "annotation " + selection.annotation() + " has no effect, because " + request.source()
                                + " enforces the profile in all containers of the app"));
            }
        }
        warnings.addAll(unused(pod, profiles.keySet(), catalog));
        warnings.addAll(namedLikeProfiles(profiles, catalog));
        return new Requests(profiles, values, containers, selections, false, warnings);
    }

    /** A dot in the place of a comma requests an instance of one profile instead of two profiles. */
    private static List<Reason> namedLikeProfiles(Map<String, RequestSource> profiles, Catalog catalog) {
        List<Reason> warnings = new ArrayList<>();
        profiles.forEach((name, source) -> InstanceName.of(name)
                .filter(each ->
                        !(source instanceof RequestSource.PolicyGrant) && warnings.size() < ReviewLimits.WARNINGS)
                .filter(each -> catalog.profile(each.instance()).isPresent())
                .ifPresent(each -> warnings.add(new Reason(
                        ReasonCode.REQUEST_MISPLACED,
                        source + " requests instance '" + each.instance() + "' of profile '" + each.profile()
                                + "'; to request both profiles, write " + each.instance() + ", " + each.profile()))));
        return warnings;
    }

    private static Map<String, Selection> selections(Pod pod, Set<String> profiles) {
        Map<String, Selection> selections = new LinkedHashMap<>();
        for (String profile : profiles) {
            String annotation = Annotations.containersOf(profile);
            List<String> names = list(pod.annotations().getOrDefault(annotation, ""));
            if (!names.isEmpty()) {
                selections.put(profile, new Selection(annotation, names));
            }
        }
        return selections;
    }

    /** The requested profiles with who requests them, in order. */
    public List<ProfileRequest> requested() {
        return requested(profiles);
    }

    private static List<ProfileRequest> requested(Map<String, RequestSource> profiles) {
        List<ProfileRequest> requested = new ArrayList<>();
        profiles.forEach((profile, source) -> requested.add(new ProfileRequest(profile, source)));
        return requested;
    }

    /** The values that annotations set for a profile, by parameter. */
    public Map<String, Value> valuesOf(String profile) {
        return values.getOrDefault(profile, Map.of());
    }

    /** The requests of these profiles only. */
    public Requests only(Set<String> names) {
        Map<String, RequestSource> some = new LinkedHashMap<>(profiles);
        some.keySet().retainAll(names);
        return new Requests(some, values, containers, selections, optedOut, warnings);
    }

    private static boolean isFalse(@Nullable String annotation) {
        return annotation != null && annotation.strip().equals("false");
    }

    /** The annotation that is short for {@code wait-for}. */
    private static void addTargets(
            Pod pod,
            Map<String, RequestSource> profiles,
            Map<String, Map<String, Value>> values,
            DenialCollector mistakes) {
        String targets = pod.annotations().getOrDefault(Annotations.WAIT_FOR, "");
        if (targets.isBlank()) {
            return;
        }
        profiles.putIfAbsent(WAIT_FOR_PROFILE, new RequestSource.Annotation(Annotations.WAIT_FOR));
        Value other = values.computeIfAbsent(WAIT_FOR_PROFILE, profile -> new LinkedHashMap<>())
                .put(WAIT_FOR_PARAMETER, new Value(Annotations.WAIT_FOR, targets));
        if (other != null) {
            mistakes.add(new DeniedException(
                    ReasonCode.CONFLICTING_ANNOTATIONS,
                    "annotations " + Annotations.WAIT_FOR + " and " + other.annotation()
                            + " say the same thing; leave one of them out"));
        }
    }

    /** An annotation without a value is most likely a template's that has none. */
    private static List<Reason> empty(Pod pod) {
        List<Reason> warnings = new ArrayList<>();
        for (String annotation : Annotations.WRITTEN_BY_PEOPLE) {
            String value = pod.annotations().get(annotation);
            if (value != null && list(value).isEmpty()) {
                warnings.add(new Reason(
                        ReasonCode.REQUEST_EMPTY,
                        "annotation " + annotation + " is empty and requests nothing; write "
                                + switch (annotation) {
                                    case Annotations.WAIT_FOR -> "targets, as HOST:PORT";
                                    case Annotations.CONTAINERS -> "names of containers";
                                    default -> "names of profiles, or \"false\" to opt out";
                                }
                                + ", or remove it"));
            }
        }
        return warnings;
    }

    private static void findUnknown(Pod pod, Catalog catalog, DenialCollector mistakes) {
        for (String annotation : pod.annotations().keySet()) {
            if (Annotations.isOwn(annotation)
                    && !Annotations.isWrittenByPillion(annotation)
                    && !Annotations.WRITTEN_BY_PEOPLE.contains(annotation)) {
                mistakes.add(() -> new DeniedException(
                        ReasonCode.UNKNOWN_ANNOTATION,
                        "annotation " + Excerpt.of(annotation) + " is unknown" + correction(annotation, catalog)));
            }
        }
    }

    /** A profile in the key, as in {@code pillion.dev/logging} or {@code pillion.dev/logging.path}. */
    private static String correction(String annotation, Catalog catalog) {
        String name = annotation.substring(annotation.indexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        if (IntendedRequest.isInjectWithProfile(name, catalog)) {
            return "; to request the profile, write " + Annotations.INJECT + ": " + name.split("[.-]", 2)[1];
        }
        if (catalog.profile(name).isPresent()) {
            return "; to request the profile, write " + Annotations.INJECT + ": " + name;
        }
        if (dot > 0 && catalog.profile(name.substring(0, dot)).isPresent()) {
            return "; to set a parameter, write "
                    + Annotations.parameter(name.substring(0, dot), Excerpt.of(name.substring(dot + 1)));
        }
        return Nearest.hint(annotation, Annotations.WRITTEN_BY_PEOPLE);
    }

    private static Map<String, RequestSource> asked(
            Pod pod, Namespace namespace, Catalog catalog, DenialCollector mistakes) {
        Map<String, RequestSource> profiles = new LinkedHashMap<>();
        String own = pod.annotations().get(Annotations.INJECT);
        String asked = own != null ? own : namespace.annotations().getOrDefault(Annotations.INJECT, "");
        if (own == null && isFalse(asked)) {
            return profiles;
        }
        RequestSource source = own != null
                ? new RequestSource.Annotation(Annotations.INJECT)
                : new RequestSource.NamespaceAnnotation(namespace.name(), Annotations.INJECT);
        for (String name : list(asked)) {
            if (catalog.profile(name).isEmpty()) {
                mistakes.add(() -> new DeniedException(
                        ReasonCode.UNKNOWN_PROFILE, source + ": " + ProfileNames.unknown(name, asked, catalog)));
            } else {
                profiles.put(name, source);
            }
        }
        return profiles;
    }

    private static Map<String, Map<String, Value>> values(Pod pod, Catalog catalog, DenialCollector mistakes) {
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
            if (parameter.equals(ParameterNames.CONTAINERS)) {
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

    private static List<Reason> unused(Pod pod, Set<String> profiles, Catalog catalog) {
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

    /** The parameter that is meant, or {@code containers}, which is none and may follow the name of a profile too. */
    private static String hint(String parameter, Set<String> parameters) {
        return Nearest.to(parameter, parameters).isEmpty()
                        && Nearest.to(parameter, List.of(ParameterNames.CONTAINERS))
                                .isPresent()
                ? Nearest.question(parameter, List.of(ParameterNames.CONTAINERS))
                : Nearest.hint(parameter, parameters);
    }

    private static List<String> list(String text) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : text.split(",", -1)) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return List.copyOf(names);
    }
}
