package dev.pillion.injection.uninject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.apply.AdditionHash;
import dev.pillion.pod.Container;
import dev.pillion.pod.ContainerList;
import dev.pillion.pod.Pod;
import dev.pillion.pod.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Kubernetes and OpenShift add to the containers of a Pod when it is created. In a live Pod, this is no change by hand. An addition counts only
 * if the Pod has evidence of it: an annotation of the admission plug-in, or another field from which the API server derives the value.
 */
final class AdmissionAdditions {

    /** Written by the plug-in LimitRanger (k8s.io/kubernetes, {@code plugin/pkg/admission/limitranger}). */
    private static final String LIMIT_RANGER = "kubernetes.io/limit-ranger";

    /** Written by OpenShift's plug-in SecurityContextConstraint, which completes the security context of each container. */
    private static final String SCC = "openshift.io/scc";

    /** A hash does not show which fields were added, so all combinations are tried, of at most so many fields. */
    private static final int MAX_FIELDS = 7;

    private static final int MAX_LENGTH = 4096;

    private final Pod pod;

    /** By container, as {@code init container web}, the resources that LimitRanger has set, as {@code requests.cpu}. */
    private final Map<String, Set<String>> limitRanger;

    AdmissionAdditions(Pod pod) {
        this.pod = pod;
        this.limitRanger = limitRanger(pod.annotations().getOrDefault(LIMIT_RANGER, ""));
    }

    /** Reads {@code LimitRanger plugin set: cpu, memory request for container web; cpu limit for init container migrate}. */
    private static Map<String, Set<String>> limitRanger(String annotation) {
        Map<String, Set<String>> byContainer = new HashMap<>();
        for (String part : annotation.substring(annotation.indexOf(':') + 1).split(";", -1)) {
            int end = part.indexOf(" for ");
            String what = end < 0 ? "" : part.substring(0, end).strip();
            for (String kind : List.of("request", "limit")) {
                if (what.endsWith(" " + kind)) {
                    Set<String> resources = byContainer.computeIfAbsent(
                            part.substring(end + " for ".length()).strip(), key -> new HashSet<>());
                    for (String resource :
                            what.substring(0, what.length() - kind.length()).split(",", -1)) {
                        resources.add(kind + "s." + resource.strip());
                    }
                }
            }
        }
        return byContainer;
    }

    /**
     * Whether a field of an added container differs from what Pillion added only by such additions.
     *
     * @param then the hash of the field as Pillion added it; empty if it added none
     */
    boolean explain(Container container, String field, Optional<String> then) {
        JsonNode value = container.tree().path(field);
        return switch (value) {
            case ObjectNode map when field.equals("resources") -> explainResources(container, map, then);
            case ObjectNode map when field.equals("securityContext") -> explainSecurityContext(map, then);
            case ArrayNode list when field.equals("resizePolicy") -> explainResizePolicy(list, then);
            case ArrayNode list when field.equals("ports") -> explainHostPorts(list, then);
            default -> false;
        };
    }

    private boolean explainResources(Container container, ObjectNode resources, Optional<String> then) {
        ObjectNode before = resources.deepCopy();
        String owner = (container.list() == ContainerList.INIT_CONTAINERS ? "init container " : "container ")
                + container.name();
        limitRanger.getOrDefault(owner, Set.of()).forEach(path -> remove(before, path));
        // The API server sets the request of a resource that has only a limit.
        List<String> derived = new ArrayList<>();
        for (Map.Entry<String, JsonNode> request : before.path("requests").properties()) {
            JsonNode limit = resources.path("limits").path(request.getKey());
            if (Quantity.same(request.getValue().asText(), limit.asText())) {
                derived.add("requests." + request.getKey());
            }
        }
        return isSameWithoutSome("resources", before, derived, then);
    }

    /** Fields that the plug-in sets, with the values that it sets. None of them gives the container more rights. */
    private boolean explainSecurityContext(ObjectNode context, Optional<String> then) {
        if (!pod.annotations().containsKey(SCC)) {
            return false;
        }
        List<String> added = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : context.properties()) {
            JsonNode value = field.getValue();
            boolean isAdded =
                    switch (field.getKey()) {
                        case "runAsUser" -> value.asLong() > 0;
                        case "seLinuxOptions" -> value.isObject();
                        case "runAsNonRoot", "readOnlyRootFilesystem" -> value.asBoolean();
                        case "privileged", "allowPrivilegeEscalation" -> !value.asBoolean(true);
                        case "capabilities" -> value.size() == 1 && value.has("drop");
                        default -> false;
                    };
            if (isAdded) {
                added.add(field.getKey());
            }
        }
        return isSameWithoutSome("securityContext", context, added, then);
    }

    /** Versions of Kubernetes with in-place resize set the default for cpu and memory. */
    private static boolean explainResizePolicy(ArrayNode policies, Optional<String> then) {
        ArrayNode before = policies.arrayNode();
        policies.forEach(policy -> {
            if (!policy.path("restartPolicy").asText().equals("NotRequired")) {
                before.add(policy);
            }
        });
        return AdditionHash.ofField("resizePolicy", before).equals(then);
    }

    /** In the host's network, the API server sets {@code hostPort} to the {@code containerPort}. */
    private boolean explainHostPorts(ArrayNode ports, Optional<String> then) {
        ArrayNode before = ports.deepCopy();
        before.forEach(port -> {
            if (port instanceof ObjectNode map && map.path("hostPort").equals(map.path("containerPort"))) {
                map.remove("hostPort");
            }
        });
        return pod.spec("hostNetwork").asBoolean()
                && AdditionHash.ofField("ports", before).equals(then);
    }

    /** Whether a value without some of these fields has the hash. */
    private static boolean isSameWithoutSome(
            String name, ObjectNode value, List<String> fields, Optional<String> then) {
        if (fields.size() > MAX_FIELDS || value.toString().length() > MAX_LENGTH) {
            return false;
        }
        for (int some = 0; some < 1 << fields.size(); some++) {
            ObjectNode before = value.deepCopy();
            for (int index = 0; index < fields.size(); index++) {
                if ((some & (1 << index)) != 0) {
                    remove(before, fields.get(index));
                }
            }
            if (AdditionHash.ofField(name, before).equals(then)) {
                return true;
            }
        }
        return false;
    }

    /** Removes a field, and the map around it if that becomes empty. @param path a field, or a map and a field with a dot between them */
    private static void remove(ObjectNode value, String path) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            value.remove(path);
        } else if (value.path(path.substring(0, dot)) instanceof ObjectNode map) {
            map.remove(path.substring(dot + 1));
            if (map.isEmpty()) {
                value.remove(path.substring(0, dot));
            }
        }
    }
}
