package dev.pillion.cluster.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.resource.ResourceStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Whether the generation of a resource is in force, as the condition in its status says (metav1.Condition). */
record ReadyCondition(boolean ready, String reason, String message, long generation, String since) {

    private static final String TYPE = "Ready";

    /** The API server takes 32,768 characters (metav1.Condition); nobody reads more than a few lines of them. */
    private static final int MAX_MESSAGE = 8_000;

    /** What a status says; empty when it says nothing of the kind. */
    static Optional<ReadyCondition> in(JsonNode status) {
        return StreamSupport.stream(status.path("conditions").spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals(TYPE))
                .map(condition -> new ReadyCondition(
                        condition.path("status").asText().equals("True"),
                        condition.path("reason").asText(),
                        condition.path("message").asText(),
                        condition.path("observedGeneration").asLong(),
                        condition.path("lastTransitionTime").asText()))
                .findFirst();
    }

    /** What it is to say; the time is kept as long as the status is. */
    static ReadyCondition of(ResourceStatus verdict, Optional<ReadyCondition> before, Instant now) {
        boolean inForce = verdict.compiled() && verdict.unmet().isEmpty();
        String since = before.filter(condition -> condition.ready == inForce)
                .map(ReadyCondition::since)
                .filter(time -> !time.isEmpty())
                .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ReadyCondition(inForce, reason(verdict), message(verdict), verdict.generation(), since);
    }

    private static String reason(ResourceStatus verdict) {
        if (!verdict.unmet().isEmpty()) {
            return "NotEnforced";
        }
        return switch (verdict.state()) {
            case COMPILED -> "Compiled";
            case LAST_GOOD -> "UsingLastGood";
            case INVALID -> "Invalid";
        };
    }

    private static String message(ResourceStatus verdict) {
        String notes = shortened(String.join("\n", notes(verdict)), MAX_MESSAGE / 2);
        if (verdict.compiled() && verdict.unmet().isEmpty()) {
            return "In force." + (notes.isEmpty() ? "" : " " + notes);
        }
        return shortened(verdict.problemText(), MAX_MESSAGE - notes.length() - 1) + "\n" + notes;
    }

    private static List<String> notes(ResourceStatus verdict) {
        List<String> notes = new ArrayList<>(verdict.notes());
        if (!verdict.unmet().isEmpty()) {
            notes.add("Not enforced; strict namespaces refuse the Pods that it is for:");
            notes.addAll(verdict.unmet());
        }
        return notes;
    }

    /** Whole lines as far as they fit; a line that does not fit is cut. */
    static String shortened(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = text.lastIndexOf('\n', length - 2);
        return text.substring(0, end > 0 ? end + 1 : length - 1) + "…";
    }

    /** Leaving aside since when. */
    boolean saysTheSameAs(ReadyCondition other) {
        return ready == other.ready
                && generation == other.generation
                && reason.equals(other.reason)
                && message.equals(other.message);
    }

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", TYPE)
                .put("status", ready ? "True" : "False")
                .put("reason", reason)
                .put("message", message)
                .put("observedGeneration", generation)
                .put("lastTransitionTime", since);
    }
}
