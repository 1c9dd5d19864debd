package dev.pillion.cluster.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;

/** What Pillion says of a profile or a policy. */
public record ResourceStatus(
        @JsonPropertyDescription("What Pillion makes of it.")
        List<Condition> conditions) {

    /** Where a printer column finds whether it is in force as it stands. */
    static final String COMPILED = ".status.conditions[?(@.type==\"Compiled\")].status";

    /** As Kubernetes has them (metav1.Condition). */
    record Condition(
            @Required @JsonPropertyDescription("Compiled: whether it is in force as it stands.")
            String type,

            @Required @JsonPropertyDescription("True, or False.")
            String status,

            @JsonPropertyDescription("The generation of the resource that this is said of.")
            Long observedGeneration,

            @Required @JsonPropertyDescription("When the status became what it is.")
            String lastTransitionTime,

            @Required
            @JsonPropertyDescription(
                    "Compiled; LastGoodServes: an earlier version stays in force; LeftOut: no version of it is in force.")
            String reason,

            @Required
            @JsonPropertyDescription(
                    "Everything that is wrong with it, each with its field, and what is in force instead.")
            String message) {}
}
