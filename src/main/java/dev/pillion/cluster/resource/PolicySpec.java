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

/** The spec of an {@code InjectionPolicy}. */
public record PolicySpec(
        @Required
        @JsonPropertyDescription(
                "Enforce: Pods get the profiles and cannot opt out. Default: Pods get them unless they opt out. Permit: Pods may request them, including Restricted ones. Audit: reports what Enforce would do.")
        Mode mode,

        @JsonPropertyDescription(
                "If two policies set different values, the policy with the higher priority takes precedence. The default is 0.")
        Integer priority,

        @Required
        @JsonPropertyDescription("The Pods to which the policy applies. {} matches all Pods of all namespaces.")
        Match match,

        @Required
        @Size(min = 1, max = 256)
        @ValidationRule(
                value = "self.all(a, self.exists_one(b, a.name == b.name"
                        + " && (has(a.instance) ? a.instance : '') == (has(b.instance) ? b.instance : '')))",
                message = "a policy lists each profile, and each instance of a profile, at most once")
        @JsonPropertyDescription("The profiles that the policy gives, permits or audits.")
        List<Grant> profiles,

        @Min(0)
        @Max(100)
        @JsonPropertyDescription(
                "The percentage of the matching workloads to which the policy applies. The selection is stable. The default is 100.")
        Integer percentage,

        @ValidationRule(
                value = "self.matches('^[0-9]{4}-[0-9]{2}-[0-9]{2}T.*(Z|[+-][0-9]{2}:[0-9]{2})$')",
                message = "must be a time with an offset (RFC 3339), such as 2030-01-31T00:00:00Z")
        @JsonPropertyDescription(
                "The time from which the policy no longer applies, such as 2030-01-31T00:00:00Z. Without it, the policy applies until it is deleted.")
        String until) {

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
            @JsonPropertyDescription("Selects namespaces by their labels.")
            Selector namespaceSelector,

            @JsonPropertyDescription("Selects Pods by their labels.")
            Selector podSelector,

            @Size(max = 64)
            @ValidationRule(
                    value = "self.all(a, self.exists_one(b, a.name == b.name))",
                    message = "the names of conditions are unique")
            @JsonPropertyDescription("CEL conditions, which must all be true.")
            List<Condition> matchConditions) {}

    record Selector(
            @JsonPropertyDescription("Labels with the required values.")
            Map<String, String> matchLabels,

            @JsonPropertyDescription("Requirements, which must all be met.")
            List<Requirement> matchExpressions) {}

    @ValidationRule(
            value = "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0"
                    + " : !has(self.values) || size(self.values) == 0",
            message = "In and NotIn need at least one value; Exists and DoesNotExist must have none")
    record Requirement(
            @Required @JsonPropertyDescription("The key of the label.")
            String key,

            @Required @JsonPropertyDescription("The relation between the label and the values.")
            Operator operator,

            @JsonPropertyDescription("The values, for In and NotIn.")
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
            @Required @Size(max = 253) @JsonPropertyDescription("The name of the condition, for messages.")
            String name,

            @Required @JsonPropertyDescription("A CEL expression without ${…}, with the variables pod and namespace.")
            String expression) {}

    record Grant(
            @Required @Size(max = 63) @JsonPropertyDescription("The name of the profile.")
            String name,

            @Size(max = 63)
            @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
            @JsonPropertyDescription(
                    "The instance of the profile, as in INSTANCE.PROFILE. Without it, the profile itself.")
            String instance,

            @Size(max = 63)
            @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
            @JsonPropertyDescription(
                    "The generation of the profile, as in status.generation. Without it, Pods get the generation in force, unless they pin another one.")
            String generation,

            @JsonPropertyDescription(
                    "Values of the profile's parameters, including parameters that annotations may not set.")
            Map<String, JsonNode> parameters,

            @Size(max = 256)
            @JsonPropertyDescription(
                    "For Enforce and Audit: the parameters that a Pod's annotations may set. Without it, annotations may set the parameters that do not decide what a companion runs.")
            List<String> overridable,

            @Size(max = 256)
            @JsonPropertyDescription(
                    "For Enforce and Audit: the guards that may skip the profile in a strict namespace. The default is none.")
            List<String> acceptedGuards,

            @JsonPropertyDescription(
                    "For Enforce and Audit: whether the Pod keeps the variables, mounts, labels and annotations that it sets itself. The default is false.")
            Boolean keepAppValues) {}
}
