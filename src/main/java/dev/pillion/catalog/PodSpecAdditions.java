package dev.pillion.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Type;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The fields of a Pod's spec to which a profile can add, their types, and the permissions that they give. */
public final class PodSpecAdditions {

    private static final String SECURITY_CONTEXT = "securityContext";

    /** In the order of the documentation. */
    public static final Map<String, Type> TYPES = types();

    /**
     * The fields that give a Pod something that its author may not be allowed to have. The other fields only affect the Pod itself: where it
     * runs, how long it takes to end, or how it resolves names.
     */
    private static final Map<String, String> GRANTS = grants();

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
        grants.put("priorityClassName", "lets the Pod preempt other Pods");
        grants.put("runtimeClassName", "decides how the Pod is isolated from its node");
        grants.put("shareProcessNamespace", "gives the Pod's containers access to each other's processes");
        grants.put("tolerations", "lets the Pod run on reserved nodes");
        grants.put(
                SECURITY_CONTEXT, "gives the Pod access to the files of a group and changes the group of its volumes");
        return grants;
    }

    /** All types of the fields of a profile's {@code pod}. */
    public static Map<String, Type> withSpec(Map<String, Type> others) {
        Map<String, Type> all = new LinkedHashMap<>(others);
        all.putAll(TYPES);
        return Collections.unmodifiableMap(all);
    }

    /** Why a policy must permit a profile with these additions; empty if no policy is necessary. */
    public static Optional<String> grant(JsonNode pod) {
        return GRANTS.entrySet().stream()
                .filter(grant -> pod.hasNonNull(grant.getKey()))
                .findFirst()
                .map(grant -> "pod." + grant.getKey() + " " + grant.getValue() + ", so a policy must permit it");
    }
}
