package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Excerpt;
import java.util.List;
import java.util.Set;

/** Checks the fields of a Pod's spec that a profile sets: it must be possible to add each value to the value of a Pod. */
final class PodSpecChecks {

    private static final List<String> AFFINITIES = List.of("nodeAffinity", "podAffinity", "podAntiAffinity");
    private static final Set<String> DNS_FIELDS = Set.of("nameservers", "searches", "options");

    private PodSpecChecks() {}

    /** Reports values that cannot be added to those of a Pod. */
    static void check(JsonNode pod, Problems problems) {
        fields(pod.path("securityContext"), "spec.pod.securityContext", Set.of("fsGroup"), problems);
        fields(pod.path("dnsConfig"), "spec.pod.dnsConfig", DNS_FIELDS, problems);
        JsonNode affinity = pod.path("affinity");
        fields(affinity, "spec.pod.affinity", Set.copyOf(AFFINITIES), problems);
        for (String kind : AFFINITIES) {
            String path = "spec.pod.affinity." + kind;
            fields(
                    affinity.path(kind),
                    path,
                    Set.of(
                            "requiredDuringSchedulingIgnoredDuringExecution",
                            "preferredDuringSchedulingIgnoredDuringExecution"),
                    problems);
        }
        JsonNode required = affinity.path("nodeAffinity").path("requiredDuringSchedulingIgnoredDuringExecution");
        String path = "spec.pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution";
        fields(required, path, Set.of("nodeSelectorTerms"), problems);
        JsonNode terms = required.path("nodeSelectorTerms");
        if (required.isObject() && (!terms.isArray() || terms.size() != 1)) {
            problems.accept(
                    path + ".nodeSelectorTerms",
                    "must be a list with one term; Pillion adds it to each term of the Pod");
        } else if (required.isObject()) {
            fields(terms.get(0), path + ".nodeSelectorTerms[0]", Set.of("matchExpressions", "matchFields"), problems);
        }
        JsonNode seconds = pod.path("terminationGracePeriodSeconds");
        if (seconds.isIntegralNumber() && (seconds.asLong() < 0 || !seconds.canConvertToLong())) {
            problems.accept("spec.pod.terminationGracePeriodSeconds", "must not be negative, is " + seconds);
        }
    }

    private static void fields(JsonNode map, String path, Set<String> known, Problems problems) {
        if (map.isMissingNode() || map.isNull()) {
            return;
        }
        if (!map.isObject()) {
            problems.accept(path, "must be a map, in which values can be expressions");
            return;
        }
        map.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problems.accept(
                        path + "." + name,
                        "cannot be added to a Pod: '" + Excerpt.of(name) + "'; a profile can have "
                                + String.join(", ", known.stream().sorted().toList()) + " here");
            }
        });
    }
}
