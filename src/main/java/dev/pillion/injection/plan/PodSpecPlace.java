package dev.pillion.injection.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.patch.Pointer;
import dev.pillion.pod.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A place in a Pod's spec to which profiles add, and the rule for the addition. The API server sets defaults before it calls the webhook, so a rule
 * names the values that may be defaults.
 *
 * @param steps below the spec
 */
public record PodSpecPlace(List<String> steps, Rule rule) {

    /** How an addition is combined with what the Pod has. Values that the Pod sets itself are never replaced. */
    public sealed interface Rule {

        /**
         * A value that is set if the Pod has none.
         *
         * @param defaults values that the API server sets, which are replaced
         * @param derived fields that the API server computes from this one. It rejects a Pod in which they do not match, so they are set to
         *     null, and it computes them again
         */
        record IfAbsent(Set<String> defaults, List<String> derived) implements Rule {}

        /** The longer of two durations in seconds. @param byDefault the value that the API server sets */
        record Longer(long byDefault) implements Rule {}

        /** Keys of a map. Each is set if the Pod does not have it. */
        record Entries() implements Rule {}

        /**
         * Elements that are appended to a list, unless an element of the Pod has one of the same keys.
         *
         * @param keyField by which a profile defines its elements; empty for any
         * @param most the number of elements that Kubernetes allows
         */
        record Elements(Function<JsonNode, List<String>> keys, String keyField, int most) implements Rule {}

        /**
         * Requirements of required node affinity. A node must match one of the terms of the list, so requirements are added to each term; a
         * term without any requirement matches no node, and stays as it is.
         */
        record NodeRequirements() implements Rule {}
    }

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    /** The parts of a term. */
    public static final List<String> TERM_FIELDS = List.of("matchExpressions", "matchFields");

    public static final List<PodSpecPlace> ALL = List.of(
            elements(PodSpecPlace::tolerationKey, "key", Integer.MAX_VALUE, "tolerations"),
            place(new Rule.Entries(), "nodeSelector"),
            place(new Rule.NodeRequirements(), "affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms"),
            elements(PodSpecPlace::whole, "", Integer.MAX_VALUE, "affinity", "nodeAffinity", PREFERRED),
            elements(PodSpecPlace::whole, "", Integer.MAX_VALUE, "affinity", "podAffinity", REQUIRED),
            elements(PodSpecPlace::whole, "", Integer.MAX_VALUE, "affinity", "podAffinity", PREFERRED),
            elements(PodSpecPlace::whole, "", Integer.MAX_VALUE, "affinity", "podAntiAffinity", REQUIRED),
            elements(PodSpecPlace::whole, "", Integer.MAX_VALUE, "affinity", "podAntiAffinity", PREFERRED),
            elements(
                    // Kubernetes rejects two with the same (validation.go, validateTopologySpreadConstraints).
                    constraint -> List.of(constraint.path("topologyKey").asText() + " "
                            + constraint.path("whenUnsatisfiable").asText()),
                    "topologyKey",
                    Integer.MAX_VALUE,
                    "topologySpreadConstraints"),
            elements(PodSpecPlace::aliasKeys, "ip", Integer.MAX_VALUE, "hostAliases"),
            // The limits are those of Kubernetes (validation.go, MaxDNSNameservers and MaxDNSSearchPaths).
            elements(PodSpecPlace::whole, "", 3, "dnsConfig", "nameservers"),
            elements(PodSpecPlace::whole, "", 32, "dnsConfig", "searches"),
            elements(option -> List.of(option.path("name").asText()), "", Integer.MAX_VALUE, "dnsConfig", "options"),
            place(new Rule.IfAbsent(Set.of(), List.of()), "shareProcessNamespace"),
            place(new Rule.IfAbsent(Set.of(), List.of()), "securityContext", "fsGroup"),
            place(new Rule.Longer(30), "terminationGracePeriodSeconds"),
            place(new Rule.IfAbsent(Set.of(), List.of("priority", "preemptionPolicy")), "priorityClassName"),
            place(new Rule.IfAbsent(Set.of(), List.of()), "runtimeClassName"),
            place(new Rule.IfAbsent(Set.of("default"), List.of("serviceAccount")), "serviceAccountName"));

    /** The maps that additions can create around a place, from the inside out. */
    public static final List<Pointer> MAPS = List.of(
            spec("affinity", "nodeAffinity", REQUIRED),
            spec("affinity", "nodeAffinity"),
            spec("affinity", "podAffinity"),
            spec("affinity", "podAntiAffinity"),
            spec("affinity"),
            spec("dnsConfig"),
            spec("nodeSelector"),
            spec("securityContext"));

    /** How many terms the required node affinity of a Pod has. */
    static int nodeSelectorTerms(Pod pod) {
        return spec("affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms")
                .in(pod.tree())
                .size();
    }

    private static PodSpecPlace place(Rule rule, String... steps) {
        return new PodSpecPlace(List.of(steps), rule);
    }

    private static PodSpecPlace elements(
            Function<JsonNode, List<String>> keys, String keyField, int most, String... steps) {
        return place(new Rule.Elements(keys, keyField, most), steps);
    }

    public static Pointer spec(String... steps) {
        return Pointer.of(steps).below(Pointer.of("spec"));
    }

    /** The field of a profile's {@code pod}. */
    public String field() {
        return steps.getFirst();
    }

    /** As people write it, for example {@code dnsConfig.searches}. */
    public String name() {
        return String.join(".", steps);
    }

    public Pointer pointer() {
        return new Pointer(steps).below(Pointer.of("spec"));
    }

    /** What a profile adds here; missing if it adds nothing. */
    public JsonNode in(RenderedProfile rendered) {
        return rendered.pod().containsKey(field())
                ? new Pointer(steps.subList(1, steps.size())).in(rendered.pod().get(field()))
                : com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    /** The field of the Pod that conflicts with the value; empty if there is none. */
    public String conflictingField(Pod pod) {
        return switch (name()) {
            // Kubernetes rejects both (validation.go, validateHostUsers and ValidatePodSpec).
            case "shareProcessNamespace" -> pod.spec("hostPID").asBoolean() ? "hostPID" : "";
            case "priorityClassName" -> pod.spec("priority").asLong() == 0 ? "" : "priority";
            case "serviceAccountName" ->
                Set.of("", "default").contains(pod.spec("serviceAccount").asText("")) ? "" : "serviceAccount";
            default -> "";
        };
    }

    private static List<String> whole(JsonNode element) {
        return List.of(SpecValue.of(element).toString());
    }

    /** As Kubernetes compares two tolerations (MatchToleration in k8s.io/api). */
    private static List<String> tolerationKey(JsonNode toleration) {
        String operator = toleration.path("operator").asText("");
        return List.of(String.join(
                "\0",
                toleration.path("key").asText(""),
                operator.isEmpty() ? "Equal" : operator,
                toleration.path("value").asText(""),
                toleration.path("effect").asText("")));
    }

    /** The address and each of the names. */
    private static List<String> aliasKeys(JsonNode alias) {
        List<String> keys = new ArrayList<>();
        keys.add("address " + alias.path("ip").asText());
        alias.path("hostnames").forEach(name -> keys.add("name " + name.asText()));
        return keys;
    }
}
