package dev.pillion.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Guard;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.MatchCondition;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.expression.Expression;
import dev.pillion.expression.KubernetesCel;
import dev.pillion.injection.reason.Annotations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The conditions for a profile in the API server's CEL. */
final class Conditions {

    private static final String OWN = "pillion.dev/";
    private static final String NAMESPACE = "namespace";

    private final Policy policy;
    private final Sample sample;
    private final KubernetesCel cel;

    Conditions(Policy policy, Sample sample) {
        this.policy = policy;
        this.sample = sample;
        this.cel = new KubernetesCel(sample.parameters(), CelLiteral::of);
    }

    /** The conditions that do not read the namespace, by name, in order: the API server evaluates {@code matchConditions} without one. */
    Map<String, String> withoutNamespace() throws NotExpressibleException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(
                OWN + "not-a-mirror-pod",
                "!(" + CelLiteral.of(Annotations.MIRROR) + " in object.metadata.?annotations.orValue({}))");
        all.put(OWN + "not-for-windows", notForWindows());
        List<String> companions = sample.containers().stream()
                .map(container -> CelLiteral.of(container.path("name").asText()))
                .toList();
        if (!companions.isEmpty()) {
            all.put(
                    OWN + "not-there-yet",
                    "!object.spec.?initContainers.orValue([]).exists(c, c.name in [" + String.join(", ", companions)
                            + "])");
        }
        if (!sample.sharedPaths().isEmpty()) {
            all.put(OWN + "directory-is-free", notMounted(sample.sharedPaths()));
        }
        all.putAll(conditions(false));
        return all;
    }

    /** The conditions that read the namespace, as one expression; empty if there is none. */
    Optional<String> withNamespace() throws NotExpressibleException {
        List<String> all = new ArrayList<>();
        if (policy.mode() == Mode.DEFAULT) {
            String asked = CelLiteral.of(Annotations.INJECT);
            all.add("object.metadata.?annotations[?" + asked + "].or(namespaceObject.metadata.?annotations[?" + asked
                    + "]).orValue(\"\") != \"false\"");
        }
        conditions(true).values().forEach(each -> all.add("(" + each + ")"));
        return all.isEmpty() ? Optional.empty() : Optional.of(String.join("\n&& ", all));
    }

    /** The policy's conditions and the profile's guards by name: those that read the namespace, or the others. */
    private Map<String, String> conditions(boolean readsNamespace) throws NotExpressibleException {
        Map<String, String> all = new LinkedHashMap<>();
        for (MatchCondition condition : policy.matchConditions()) {
            if (condition.condition().mentions(NAMESPACE) == readsNamespace) {
                all.put(condition.name(), translated(condition));
            }
        }
        for (Guard guard : sample.profile().skipWhen()) {
            if (guard.condition().mentions(NAMESPACE) == readsNamespace) {
                all.put(sample.profile().name() + "." + OWN + "not-" + guard.name(), negated(guard));
            }
        }
        return all;
    }

    /** The same check as {@code NodePlatform}, without {@code windowsOptions}: a Pod with them can run on Linux nodes. */
    private static String notForWindows() {
        String labels = "[\"kubernetes.io/os\", \"beta.kubernetes.io/os\"]";
        String selected = labels + ".exists(l, object.spec.?nodeSelector[?l].orValue(\"\") == \"windows\")";
        String terms = "object.spec.?affinity.?nodeAffinity.?requiredDuringSchedulingIgnoredDuringExecution"
                + ".?nodeSelectorTerms.orValue([])";
        String only = "(e.operator == \"In\" && e.?values.orValue([]).size() > 0 && e.values.all(v, v == \"windows\"))"
                + " || (e.operator == \"NotIn\" && \"linux\" in e.?values.orValue([]))";
        String required = terms + ".size() > 0 && " + terms
                + ".all(t, t.?matchExpressions.orValue([]).exists(e, e.key in " + labels + " && (" + only + ")))";
        String os = "object.spec.?os.?name.orValue(\"\")";
        return os + " == \"linux\" || !(" + os + " == \"windows\" || " + selected + " || (" + required + "))";
    }

    /** Whether the app mounts none of the directories, and no directory above them. */
    private static String notMounted(List<String> paths) {
        String mounted = paths.stream()
                .map(path -> CelLiteral.of(path + "/") + ".startsWith(m.mountPath + \"/\")")
                .collect(Collectors.joining(" || "));
        return "!object.spec.containers.exists(c, c.?volumeMounts.orValue([]).exists(m, " + mounted + "))";
    }

    private String translated(MatchCondition condition) throws NotExpressibleException {
        return translated(condition.condition(), "condition " + condition.name());
    }

    private String negated(Guard guard) throws NotExpressibleException {
        return "!("
                + translated(guard.condition(), "profile " + sample.profile().name() + ", guard " + guard.name()) + ")";
    }

    private String translated(Expression expression, String place) throws NotExpressibleException {
        Map<String, JsonNode> known = sample.parameters();
        return cel.translated(expression)
                .orElseThrow(() -> new NotExpressibleException(List.of("policy " + policy.name() + ", " + place + ": "
                        + expression + " must read params only by the names of parameters with a value, which are "
                        + String.join(", ", known.keySet()))));
    }
}
