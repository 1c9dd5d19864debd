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

/** The condition {@code Ready} in the status of a profile or a policy: whether this generation is in force (metav1.Condition). */
record ReadyCondition(boolean ready, String reason, String message, long generation, String since) {

    private static final String TYPE = "Ready";

    /** The API server accepts 32,768 characters (metav1.Condition). Nobody reads that many. */
    private static final int MAX_MESSAGE = 8_000;

    /** The condition in a status; empty if the status has none. */
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

    /** The condition for a status of the catalog. Its time changes only together with {@code ready}. */
    static ReadyCondition of(ResourceStatus status, Optional<ReadyCondition> before, Instant now) {
        boolean inForce = status.compiled() && status.unmet().isEmpty();
        String since = before.filter(condition -> condition.ready == inForce)
                .map(ReadyCondition::since)
                .filter(time -> !time.isEmpty())
                .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ReadyCondition(inForce, reason(status), message(status), status.generation(), since);
    }

    private static String reason(ResourceStatus status) {
        if (!status.unmet().isEmpty()) {
            return "NotEnforced";
        }
        return switch (status.state()) {
            case COMPILED -> "Compiled";
            case LAST_GOOD -> "UsingLastGood";
            case INVALID -> "Invalid";
        };
    }

    private static String message(ResourceStatus status) {
        String notes = shortened(String.join("\n", notes(status)), MAX_MESSAGE / 2);
        if (status.compiled() && status.unmet().isEmpty()) {
            return "In force." + (notes.isEmpty() ? "" : " " + notes);
        }
        return shortened(status.problemText(), MAX_MESSAGE - notes.length() - 1) + "\n" + notes;
    }

    private static List<String> notes(ResourceStatus status) {
        List<String> notes = new ArrayList<>(status.notes());
        if (!status.unmet().isEmpty()) {
            notes.add("Not enforced. Strict namespaces deny the Pods that the policy matches:");
            notes.addAll(status.unmet());
        }
        return notes;
    }

    /** Cuts a text after the last whole line that fits; a single line that is too long is cut within. */
    static String shortened(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = text.lastIndexOf('\n', length - 2);
        return text.substring(0, end > 0 ? end + 1 : length - 1) + "…";
    }

    /** Whether the conditions are equal except for the time. */
    boolean isEqualExceptTime(ReadyCondition other) {
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
