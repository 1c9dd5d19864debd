package dev.pillion.catalog.compile;

import static dev.pillion.catalog.compile.SchemaNodes.choice;
import static dev.pillion.catalog.compile.SchemaNodes.flag;
import static dev.pillion.catalog.compile.SchemaNodes.integer;
import static dev.pillion.catalog.compile.SchemaNodes.list;
import static dev.pillion.catalog.compile.SchemaNodes.map;
import static dev.pillion.catalog.compile.SchemaNodes.properties;
import static dev.pillion.catalog.compile.SchemaNodes.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Policy.Mode;
import java.util.Arrays;
import java.util.List;

/** The JSON Schema of an {@code InjectionPolicy}. */
final class PolicySchema {

    private PolicySchema() {}

    static ObjectNode document() {
        return SchemaNodes.document(
                PolicyReader.KIND,
                "A policy selects Pods. It enforces profiles for them, adds profiles by default, permits profiles, or only audits them.",
                spec());
    }

    private static ObjectNode spec() {
        ObjectNode spec = map(
                "The Pods that the policy selects, and the profiles that it gives them.",
                List.of("mode", "match", "profiles"));
        properties(spec)
                .<ObjectNode>set(
                        "mode",
                        choice(
                                "Enforce: Pods get the profiles and cannot opt out. Default: Pods get them unless they opt out. Permit: Pods may request them, including Restricted ones. Audit: reports what Enforce would do.",
                                Arrays.stream(Mode.values()).map(Mode::toString).toList()))
                .<ObjectNode>set(
                        "priority",
                        integer(
                                "If two policies set different values, the policy with the higher priority takes precedence. The default is 0."))
                .<ObjectNode>set("match", match())
                .<ObjectNode>set(
                        "profiles",
                        list("The profiles that the policy gives, permits or audits.", grant())
                                .put("minItems", 1))
                .<ObjectNode>set(
                        "percentage",
                        integer(
                                        "The percentage of the matching workloads to which the policy applies. The selection is stable. The default is 100.")
                                .put("minimum", 0)
                                .put("maximum", 100))
                .set(
                        "until",
                        text("The time from which the policy no longer applies, such as 2030-01-31T00:00:00Z. Without it, the policy applies until it is deleted.")
                                .put("format", "date-time"));
        return spec;
    }

    private static ObjectNode match() {
        ObjectNode match =
                map("The Pods to which the policy applies. {} matches all Pods of all namespaces.", List.of());
        properties(match)
                .<ObjectNode>set("namespaceSelector", selector("Selects namespaces by their labels."))
                .<ObjectNode>set("podSelector", selector("Selects Pods by their labels."))
                .set("matchConditions", list("CEL conditions, which must all be true.", condition()));
        return match;
    }

    private static ObjectNode selector(String description) {
        ObjectNode labels = map("Labels with the required values.", List.of());
        labels.remove("properties");
        labels.set("additionalProperties", text("The value."));
        ObjectNode selector = map(description, List.of());
        properties(selector)
                .<ObjectNode>set("matchLabels", labels)
                .set("matchExpressions", list("Requirements, which must all be met.", requirement()));
        return selector;
    }

    private static ObjectNode requirement() {
        ObjectNode requirement = map("A requirement for one label.", List.of("key", "operator"));
        properties(requirement)
                .<ObjectNode>set("key", text("The key of the label."))
                .<ObjectNode>set(
                        "operator",
                        choice("The relation between the label and the values.", LabelSelectorReader.OPERATORS))
                .set("values", list("The values, for In and NotIn.", text("A value.")));
        return requirement;
    }

    private static ObjectNode condition() {
        ObjectNode condition = map("A condition.", List.of("name", "expression"));
        properties(condition)
                .<ObjectNode>set("name", text("The name of the condition, for messages."))
                .set("expression", text("A CEL expression without ${…}, with the variables pod and namespace."));
        return condition;
    }

    private static ObjectNode grant() {
        ObjectNode parameters = JsonNodeFactory.instance
                .objectNode()
                .put("type", "object")
                .put(
                        "description",
                        "Values of the profile's parameters, including parameters that annotations may not set.");
        ObjectNode grant = map("A profile and the settings for it.", List.of("name"));
        properties(grant)
                .<ObjectNode>set("name", text("The name of the profile."))
                .<ObjectNode>set(
                        "instance",
                        text("The instance of the profile, as in INSTANCE.PROFILE. Without it, the profile itself."))
                .<ObjectNode>set(
                        "generation",
                        text(
                                "The generation of the profile, as in status.generation. Without it, Pods get the generation in force, unless they pin another one."))
                .<ObjectNode>set("parameters", parameters)
                .<ObjectNode>set(
                        "overridable",
                        list(
                                "For Enforce and Audit: the parameters that a Pod's annotations may set. Without it, annotations may set the parameters that do not decide what a companion runs.",
                                text("A parameter of the profile.")))
                .<ObjectNode>set(
                        "acceptedGuards",
                        list(
                                "For Enforce and Audit: the guards that may skip the profile in a strict namespace. The default is none.",
                                text("A guard of the profile.")))
                .set(
                        "keepAppValues",
                        flag(
                                "For Enforce and Audit: whether the Pod keeps the variables, mounts, labels and annotations that it sets itself. The default is false."));
        return grant;
    }
}
