package dev.pillion.injection.select;

import dev.pillion.catalog.Catalog;
import dev.pillion.injection.reason.DenialCollector;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.RequestSource;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The requests for one Pod: from its own annotations, from its namespace, and from policies.
 *
 * @param profiles by the name of a profile or an instance, who requests it, in order
 * @param values values of parameters that annotations set, by profile and parameter
 * @param containers the Pod's containers that an annotation selects; empty for all
 * @param selections the containers that an annotation selects for one profile, by profile
 * @param optedOut whether the Pod opts out and no policy enforces a profile
 * @param warnings about requests without effect
 */
public record Requests(
        Map<String, RequestSource> profiles,
        Map<String, Map<String, Value>> values,
        List<String> containers,
        Map<String, Selection> selections,
        boolean optedOut,
        List<Reason> warnings) {

    /** The text of a parameter's value, and the annotation that sets it. */
    public record Value(String annotation, String text) {}

    /** The containers that an annotation selects. */
    record Selection(String annotation, List<String> names) {}

    /** @throws DeniedException if an annotation names something that does not exist */
    public static Requests read(Pod pod, Namespace namespace, Catalog catalog, EffectivePolicies policies)
            throws DeniedException {
        DenialCollector mistakes = new DenialCollector();
        Requests requests = read(pod, namespace, catalog, policies, mistakes);
        mistakes.check();
        return requests;
    }

    /** @param mistakes get a denial for each name that does not exist; the name is left out of the requests */
    public static Requests read(
            Pod pod, Namespace namespace, Catalog catalog, EffectivePolicies policies, DenialCollector mistakes) {
        return new RequestReader(pod, namespace, catalog, policies, mistakes).read();
    }

    /** The requested profiles with the source of each request, in order. */
    public List<ProfileRequest> requested() {
        return requested(profiles);
    }

    static List<ProfileRequest> requested(Map<String, RequestSource> profiles) {
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
}
