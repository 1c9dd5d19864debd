package dev.pillion.cluster.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** What is decided, and of which Pods. */
public record PolicySpec(
        @Required
        @JsonPropertyDescription(
                "Enforce injects and cannot be refused; Default injects unless the Pod opts out; Permit lets Pods ask for what is restricted; Audit only tells.")
        Mode mode,

        @JsonPropertyDescription("The higher one wins where two policies say different things; 0 without it.")
        Integer priority,

        @Required @JsonPropertyDescription("Which Pods it is for; {} is for all Pods of all namespaces.")
        Match match,

        @Required
        @Size(min = 1, max = 256)
        @ValidationRule(
                value = "self.all(a, self.exists_one(b, a.name == b.name"
                        + " && (has(a.instance) ? a.instance : '') == (has(b.instance) ? b.instance : '')))",
                message = "a profile stands once in a policy, and once more for each instance")
        @JsonPropertyDescription("The profiles that it is about.")
        List<Grant> profiles,

        @Min(0)
        @Max(100)
        @JsonPropertyDescription("Of workloads that it is for, the same ones each time; 100 without it.")
        Integer percentage) {

    enum Mode {
        @JsonProperty("Enforce")
        ENFORCE,
        @JsonProperty("Default")
        DEFAULT,
        @JsonProperty("Permit")
        PERMIT,
        @JsonProperty("Audit")
        AUDIT
    }

    record Match(
            @JsonPropertyDescription("Labels of the Pod's namespace.")
            Selector namespaceSelector,

            @JsonPropertyDescription("Labels of the Pod.") Selector podSelector,

            @Size(max = 64)
            @ValidationRule(
                    value = "self.all(a, self.exists_one(b, a.name == b.name))",
                    message = "the names of conditions are unique")
            @JsonPropertyDescription("All of these must hold.")
            List<Condition> matchConditions) {}

    record Selector(
            @JsonPropertyDescription("Labels and the values that they must have.")
            Map<String, String> matchLabels,

            @JsonPropertyDescription("Requirements, which must all hold.")
            List<Requirement> matchExpressions) {}

    @ValidationRule(
            value = "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0"
                    + " : !has(self.values) || size(self.values) == 0",
            message = "In and NotIn take at least one of values; Exists and DoesNotExist take none")
    record Requirement(
            @Required @JsonPropertyDescription("The label.") String key,

            @Required @JsonPropertyDescription("How it is compared.")
            Operator operator,

            @JsonPropertyDescription("What it is compared with, by In and NotIn.")
            List<String> values) {}

    enum Operator {
        @JsonProperty("In")
        IN,
        @JsonProperty("NotIn")
        NOT_IN,
        @JsonProperty("Exists")
        EXISTS,
        @JsonProperty("DoesNotExist")
        DOES_NOT_EXIST
    }

    record Condition(
            @Required @Size(max = 253) @JsonPropertyDescription("Its name, for messages.")
            String name,

            @Required @JsonPropertyDescription("CEL, without ${…}, over pod and namespace.")
            String expression) {}

    record Grant(
            @Required @Size(max = 63) @JsonPropertyDescription("The profile's name.")
            String name,

            @Size(max = 63)
            @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
            @JsonPropertyDescription(
                    "Which copy of the profile, as INSTANCE.PROFILE in an annotation; without it, the profile itself.")
            String instance,

            @JsonPropertyDescription(
                    "Values of its parameters, as the profile has them; also of those that no annotation may set.")
            Map<String, JsonNode> parameters,

            @Size(max = 256)
            @JsonPropertyDescription(
                    "For Enforce and Audit: the parameters that a Pod's annotations may set, and no others; without it, those that do not decide what a companion runs.")
            List<String> overridable,

            @Size(max = 256)
            @JsonPropertyDescription(
                    "For Enforce and Audit: the guards by which the profile may be left out of a Pod in a strict namespace; none without it.")
            List<String> acceptedGuards,

            @JsonPropertyDescription(
                    "For Enforce and Audit: whether variables, mounts, labels and annotations that the Pod sets itself stand; false without it.")
            Boolean keepAppValues) {}
}
