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
                PolicyReader.KIND, "Which Pods get which profiles, and may refuse them or not.", spec());
    }

    private static ObjectNode spec() {
        ObjectNode spec = map("What is decided, and of which Pods.", List.of("mode", "match", "profiles"));
        properties(spec)
                .<ObjectNode>set(
                        "mode",
                        choice(
                                "Enforce injects and cannot be refused; Default injects unless the Pod opts out; Permit lets Pods ask for what is restricted; Audit only tells.",
                                Arrays.stream(Mode.values()).map(Mode::toString).toList()))
                .<ObjectNode>set(
                        "priority",
                        integer("The higher one wins where two policies say different things; 0 without it."))
                .<ObjectNode>set("match", match())
                .<ObjectNode>set(
                        "profiles",
                        list("The profiles that it is about.", grant()).put("minItems", 1))
                .set(
                        "percentage",
                        integer("Of workloads that it is for, the same ones each time; 100 without it.")
                                .put("minimum", 0)
                                .put("maximum", 100));
        return spec;
    }

    private static ObjectNode match() {
        ObjectNode match = map("Which Pods it is for; {} is for all Pods of all namespaces.", List.of());
        properties(match)
                .<ObjectNode>set("namespaceSelector", selector("Labels of the Pod's namespace."))
                .<ObjectNode>set("podSelector", selector("Labels of the Pod."))
                .set("matchConditions", list("All of these must hold.", condition()));
        return match;
    }

    private static ObjectNode selector(String description) {
        ObjectNode labels = map("Labels and the values that they must have.", List.of());
        labels.remove("properties");
        labels.set("additionalProperties", text("The value."));
        ObjectNode selector = map(description, List.of());
        properties(selector)
                .<ObjectNode>set("matchLabels", labels)
                .set("matchExpressions", list("Requirements, which must all hold.", requirement()));
        return selector;
    }

    private static ObjectNode requirement() {
        ObjectNode requirement = map("What is required of one label.", List.of("key", "operator"));
        properties(requirement)
                .<ObjectNode>set("key", text("The label."))
                .<ObjectNode>set("operator", choice("How it is compared.", LabelSelectorReader.OPERATORS))
                .set("values", list("What it is compared with, by In and NotIn.", text("A value.")));
        return requirement;
    }

    private static ObjectNode condition() {
        ObjectNode condition = map("A condition.", List.of("name", "expression"));
        properties(condition)
                .<ObjectNode>set("name", text("Its name, for messages."))
                .set("expression", text("CEL, without ${…}, over pod and namespace."));
        return condition;
    }

    private static ObjectNode grant() {
        ObjectNode parameters = JsonNodeFactory.instance
                .objectNode()
                .put("type", "object")
                .put(
                        "description",
                        "Values of its parameters, as the profile has them; also of those that no annotation may set.");
        ObjectNode grant = map("A profile, and what is set of it.", List.of("name"));
        properties(grant)
                .<ObjectNode>set("name", text("The profile's name."))
                .<ObjectNode>set(
                        "instance",
                        text(
                                "Which copy of the profile, as INSTANCE.PROFILE in an annotation; without it, the profile itself."))
                .<ObjectNode>set("parameters", parameters)
                .<ObjectNode>set(
                        "overridable",
                        list(
                                "For Enforce and Audit: the parameters that a Pod's annotations may set, and no others; without it, those that do not decide what a companion runs.",
                                text("A parameter of the profile.")))
                .<ObjectNode>set(
                        "acceptedGuards",
                        list(
                                "For Enforce and Audit: the guards by which the profile may be left out of a Pod in a strict namespace; none without it.",
                                text("A guard of the profile.")))
                .set(
                        "keepAppValues",
                        flag(
                                "For Enforce and Audit: whether variables, mounts, labels and annotations that the Pod sets itself stand; false without it."));
        return grant;
    }
}
