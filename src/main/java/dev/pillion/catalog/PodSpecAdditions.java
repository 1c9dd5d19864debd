package dev.pillion.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Type;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The fields of a Pod's spec that a profile can add to, what they grant, and what they must be like. */
final class PodSpecAdditions {

    private static final String SECURITY_CONTEXT = "securityContext";

    /** In the order of the documentation. */
    static final Map<String, Type> TYPES = types();

    /**
     * What a Pod gets by a field that the cluster may keep from its author. The others only limit where the Pod runs, prolong its end or
     * change how it resolves names, which concerns nobody else.
     */
    private static final Map<String, String> GRANTS = grants();

    private static final List<String> AFFINITIES = List.of("nodeAffinity", "podAffinity", "podAntiAffinity");
    private static final Set<String> DNS_FIELDS = Set.of("nameservers", "searches", "options");

    private PodSpecAdditions() {}

    private static Map<String, Type> types() {
        Map<String, Type> types = new LinkedHashMap<>();
        types.put("tolerations", new ListOf(new Struct("Toleration")));
        types.put("nodeSelector", new MapOf(Scalar.STRING));
        types.put("affinity", new Struct("Affinity"));
        types.put("topologySpreadConstraints", new ListOf(new Struct("TopologySpreadConstraint")));
        types.put("hostAliases", new ListOf(new Struct("HostAlias")));
        types.put("dnsConfig", new Struct("PodDNSConfig"));
        types.put("shareProcessNamespace", Scalar.BOOLEAN);
        types.put(SECURITY_CONTEXT, new Struct("AddedPodSecurityContext"));
        types.put("terminationGracePeriodSeconds", Scalar.INTEGER);
        types.put("priorityClassName", Scalar.STRING);
        types.put("runtimeClassName", Scalar.STRING);
        types.put("serviceAccountName", Scalar.STRING);
        return Collections.unmodifiableMap(types);
    }

    private static Map<String, String> grants() {
        Map<String, String> grants = new LinkedHashMap<>();
        grants.put("serviceAccountName", "gives the Pod the permissions of another ServiceAccount");
        grants.put("priorityClassName", "lets the Pod take the place of other Pods");
        grants.put("runtimeClassName", "decides how the Pod is isolated from its node");
        grants.put("shareProcessNamespace", "lets the Pod's containers reach into each other");
        grants.put("tolerations", "lets the Pod run on nodes that are kept free of such Pods");
        grants.put(SECURITY_CONTEXT, "gives the Pod a group's files and changes the group of its volumes");
        return grants;
    }

    /** All types of the fields of a profile's {@code pod}. */
    static Map<String, Type> withSpec(Map<String, Type> others) {
        Map<String, Type> all = new LinkedHashMap<>(others);
        all.putAll(TYPES);
        return Collections.unmodifiableMap(all);
    }

    /** Why a policy must permit a profile with these additions; empty where none need to. */
    static Optional<String> grant(JsonNode pod) {
        return GRANTS.entrySet().stream()
                .filter(grant -> pod.hasNonNull(grant.getKey()))
                .findFirst()
                .map(grant -> "pod." + grant.getKey() + " " + grant.getValue() + ", so a policy must permit it");
    }

    /** Reports what cannot be added to what a Pod has. */
    static void check(JsonNode pod, Problems problems) {
        fields(pod.path(SECURITY_CONTEXT), "spec.pod.securityContext", Set.of("fsGroup"), problems);
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
                    "must be a list with one term, which is added to each term of the Pod, because one of the Pod's terms"
                            + " is enough for a node");
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
