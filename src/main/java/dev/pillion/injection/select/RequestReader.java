package dev.pillion.injection.select;

import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.injection.reason.RequestSource;
import dev.pillion.injection.select.Requests.Selection;
import dev.pillion.injection.select.Requests.Value;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the requests for one Pod. */
final class RequestReader {

    private static final String WAIT_FOR_PROFILE = "wait-for";
    private static final String WAIT_FOR_PARAMETER = "targets";

    private final Pod pod;
    private final Namespace namespace;
    private final Catalog catalog;
    private final EffectivePolicies policies;
    private final DenialCollector mistakes;
    private final Map<String, RequestSource> profiles = new LinkedHashMap<>();
    private final List<Reason> warnings = new ArrayList<>();

    RequestReader(Pod pod, Namespace namespace, Catalog catalog, EffectivePolicies policies, DenialCollector mistakes) {
        this.pod = pod;
        this.namespace = namespace;
        this.catalog = catalog;
        this.policies = policies;
        this.mistakes = mistakes;
    }

    Requests read() {
        boolean optsOut = isFalse(pod.annotations().get(Annotations.INJECT));
        policies.given(Mode.ENFORCE)
                .forEach((profile, policy) -> profiles.put(profile, new RequestSource.PolicyGrant(policy.name())));
        warnings.addAll(policies.warnings());
        warnings.addAll(MisplacedRequests.of(pod, namespace, catalog));
        warnings.addAll(RequestWarnings.emptyAnnotations(pod));
        if (optsOut && profiles.isEmpty()) {
            return new Requests(Map.of(), Map.of(), List.of(), Map.of(), true, warnings);
        }
        UnknownAnnotations.find(pod, catalog, mistakes);
        Map<String, Map<String, Value>> values = ParameterAnnotations.values(pod, catalog, mistakes);
        if (optsOut) {
            warnings.add(RequestWarnings.optOutIgnored(profiles));
            return new Requests(profiles, values, List.of(), Map.of(), false, warnings);
        }
        List<ProfileRequest> enforced = Requests.requested(profiles);
        namedByAnnotation().forEach(profiles::putIfAbsent);
        addTargets(values);
        if (pod.annotations().containsKey(Annotations.INJECT)
                || !isFalse(namespace.annotations().get(Annotations.INJECT))) {
            policies.given(Mode.DEFAULT)
                    .forEach((profile, policy) ->
                            profiles.putIfAbsent(profile, new RequestSource.PolicyGrant(policy.name())));
        }
        List<String> containers = containers(enforced);
        Map<String, Selection> selections = selectionsWithoutEnforced(enforced);
        warnings.addAll(ParameterAnnotations.unused(pod, profiles.keySet(), catalog));
        warnings.addAll(RequestWarnings.instancesNamedLikeProfiles(profiles, catalog));
        return new Requests(profiles, values, containers, selections, false, warnings);
    }

    /** The profiles that the annotation of the Pod names, or that of the namespace if the Pod has none. */
    private Map<String, RequestSource> namedByAnnotation() {
        Map<String, RequestSource> profiles = new LinkedHashMap<>();
        String own = pod.annotations().get(Annotations.INJECT);
        String requested = own != null ? own : namespace.annotations().getOrDefault(Annotations.INJECT, "");
        if (own == null && isFalse(requested)) {
            return profiles;
        }
        RequestSource source = own != null
                ? new RequestSource.Annotation(Annotations.INJECT)
                : new RequestSource.NamespaceAnnotation(namespace.name(), Annotations.INJECT);
        for (String name : names(requested)) {
            if (catalog.profile(name).isEmpty()) {
                mistakes.add(() -> new DeniedException(
                        ReasonCode.UNKNOWN_PROFILE, source + ": " + ProfileNames.unknown(name, requested, catalog)));
            } else {
                profiles.put(name, source);
            }
        }
        return profiles;
    }

    /** Adds the request of the annotation that is a shorthand for {@code wait-for}. */
    private void addTargets(Map<String, Map<String, Value>> values) {
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
                            + " set the same parameter; remove one of them"));
        }
    }

    private List<String> containers(List<ProfileRequest> enforced) {
        List<String> containers = names(pod.annotations().getOrDefault(Annotations.CONTAINERS, ""));
        if (enforced.isEmpty() || containers.isEmpty()) {
            return containers;
        }
        warnings.add(new Reason(
                ReasonCode.CONTAINERS_IGNORED,
                "annotation " + Annotations.CONTAINERS + " has no effect where a policy enforces a profile: "
                        + ProfileRequest.all(enforced)));
        return List.of();
    }

    private Map<String, Selection> selectionsWithoutEnforced(List<ProfileRequest> enforced) {
        Map<String, Selection> selections = selections();
        for (ProfileRequest request : enforced) {
            Selection selection = selections.remove(request.profile());
            if (selection != null) {
                warnings.add(new Reason(
                        ReasonCode.CONTAINERS_IGNORED,
                        "annotation " + selection.annotation() + " has no effect, because " + request.source()
                                + " enforces the profile in all containers of the app"));
            }
        }
        return selections;
    }

    private Map<String, Selection> selections() {
        Map<String, Selection> selections = new LinkedHashMap<>();
        for (String profile : profiles.keySet()) {
            String annotation = Annotations.containersOf(profile);
            List<String> names = names(pod.annotations().getOrDefault(annotation, ""));
            if (!names.isEmpty()) {
                selections.put(profile, new Selection(annotation, names));
            }
        }
        return selections;
    }

    private static boolean isFalse(@Nullable String annotation) {
        return annotation != null && annotation.strip().equals("false");
    }

    /** The names in a list that is separated by commas, each once. */
    static List<String> names(String text) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : text.split(",", -1)) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return List.copyOf(names);
    }
}
