package dev.pillion.catalog.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * An earlier generation of a profile, as the status of the resource stores it. Every user who can write the status can change it, so it is
 * compiled and checked like any other version.
 *
 * @param generation the hash that identifies it, {@link dev.pillion.catalog.Profile#generation()}
 * @param spec as JSON text, so that it is a single field for the API server
 */
public record StoredGeneration(String generation, String spec) {

    /** Reads a status, the oldest generation first. Of more generations or characters than Pillion writes, the rest is not read. */
    static List<StoredGeneration> in(JsonNode status) {
        List<StoredGeneration> stored = new ArrayList<>();
        long length = 0;
        for (JsonNode entry : status.path("history")) {
            StoredGeneration each = new StoredGeneration(
                    entry.path("generation").asText(), entry.path("spec").asText());
            length += each.spec.length();
            if (stored.size() == ProfileHistory.MAX_ENTRIES || length > LastGood.MAX_LENGTH) {
                break;
            }
            if (!each.generation.isEmpty() && !each.spec.isEmpty()) {
                stored.add(each);
            }
        }
        return List.copyOf(stored);
    }

    /** The element of the list in the status. */
    public ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("generation", generation)
                .put("spec", spec);
    }
}
