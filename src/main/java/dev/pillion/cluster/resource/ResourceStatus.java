package dev.pillion.cluster.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;

/** The status of a profile or policy. */
public record ResourceStatus(
        @JsonPropertyDescription("The result of the compilation.")
        List<Condition> conditions,

        @JsonPropertyDescription(
                "The version that compiled last. It stays in force while the current version does not compile, also after a restart of Pillion.")
        LastGood lastGood,

        @JsonPropertyDescription(
                "For a profile: the generation in force, as Pods have it in their status. Annotations and policies can pin it.")
        String generation,

        @JsonPropertyDescription(
                "For a profile: the generations that were in force before, the oldest first. Pods can still get them if they pin them.")
        List<Earlier> history) {

    /** The JSON path of the condition {@code Ready}, for a printer column. */
    static final String READY = ".status.conditions[?(@.type==\"Ready\")].status";

    /** A version of the resource. Only Pillion writes it. */
    record LastGood(
            @Required @JsonPropertyDescription("The generation of the resource.")
            Long generation,

            @Required @JsonPropertyDescription("The spec of that generation, as JSON text.")
            String spec) {}

    /** An earlier generation of a profile. Only Pillion writes it. */
    record Earlier(
            @Required @JsonPropertyDescription("The generation, as Pods have it in their status.")
            String generation,

            @Required @JsonPropertyDescription("The spec of that generation, as JSON text.")
            String spec) {}

    /** A condition ({@code metav1.Condition}). */
    record Condition(
            @Required @JsonPropertyDescription("Ready: whether this generation is in force.")
            String type,

            @Required @JsonPropertyDescription("True or False.")
            String status,

            @JsonPropertyDescription("The generation of the resource that the condition describes.")
            Long observedGeneration,

            @Required @JsonPropertyDescription("When the status last changed.")
            String lastTransitionTime,

            @Required
            @JsonPropertyDescription(
                    "Compiled: this generation is in force. UsingLastGood: this generation does not compile, and an earlier one is in force. Invalid: this generation does not compile, and no generation is in force. NotEnforced: the policy requires a profile that Pillion cannot provide, so strict namespaces deny the Pods that it matches.")
            String reason,

            @Required @JsonPropertyDescription("All errors, each with its field, and the version that is in force.")
            String message) {}
}
