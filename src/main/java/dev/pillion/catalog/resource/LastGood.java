package dev.pillion.catalog.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Source;
import java.util.Optional;

/**
 * The last version of a resource that compiled. The status stores it, so that it is known after a restart of Pillion. Every user who can write
 * the status can change it, so it is compiled and checked like any other version.
 *
 * @param generation {@code metadata.generation} of the version
 * @param spec as JSON text, so that it is a single field for the API server
 */
public record LastGood(long generation, String spec) {

    /** In characters. An object in the API server has at most 1.5 MB, including the present spec and the managed fields. */
    static final int MAX_LENGTH = 256 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Reads a status; empty if it has no usable version. */
    static Optional<LastGood> in(JsonNode status) {
        JsonNode stored = status.path("lastGood");
        String spec = stored.path("spec").asText("");
        return spec.isEmpty() || spec.length() > MAX_LENGTH
                ? Optional.empty()
                : Optional.of(new LastGood(stored.path("generation").asLong(), spec));
    }

    /** The entry for a version; empty if it is too large. */
    static Optional<LastGood> of(long generation, Source source) {
        String spec = source.document().tree().path("spec").toString();
        return spec.length() > MAX_LENGTH ? Optional.empty() : Optional.of(new LastGood(generation, spec));
    }

    /** The field of the status. */
    public ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("generation", generation)
                .put("spec", spec);
    }

    /** The resource with this version instead of the current one; empty if the text is not JSON. */
    Optional<JsonNode> replacing(JsonNode resource) {
        try {
            ObjectNode tree = resource.deepCopy();
            tree.set("spec", JSON.readTree(spec));
            return Optional.of(tree);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
