package dev.pillion.cluster.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;

/** What Pillion says of a profile or a policy. */
public record ResourceStatus(
        @JsonPropertyDescription("What Pillion makes of it.")
        List<Condition> conditions,

        @JsonPropertyDescription(
                "The version that compiled last. It stays in force while the present one does not compile, also after a restart of Pillion.")
        LastGood lastGood) {

    /** Where a printer column finds whether it is in force as it stands. */
    static final String READY = ".status.conditions[?(@.type==\"Ready\")].status";

    /** A version of the resource, written by Pillion alone. */
    record LastGood(
            @Required @JsonPropertyDescription("The generation of the resource.")
            Long generation,

            @Required @JsonPropertyDescription("The spec of that generation, as JSON text.")
            String spec) {}

    /** As Kubernetes has them (metav1.Condition). */
    record Condition(
            @Required @JsonPropertyDescription("Ready: whether this generation is in force.")
            String type,

            @Required @JsonPropertyDescription("True, or False.")
            String status,

            @JsonPropertyDescription("The generation of the resource that this is said of.")
            Long observedGeneration,

            @Required @JsonPropertyDescription("When the status became what it is.")
            String lastTransitionTime,

            @Required
            @JsonPropertyDescription(
                    "Compiled; UsingLastGood: this generation does not compile, and an earlier one is in force; Invalid: this generation does not compile, and none is in force; NotEnforced: the policy requires a profile that cannot be provided, so strict namespaces deny the Pods that it matches.")
            String reason,

            @Required
            @JsonPropertyDescription(
                    "Everything that is wrong with it, each with its field, and what is in force instead.")
            String message) {}
}
