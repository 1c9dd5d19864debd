package dev.pillion.catalog.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Source;
import java.util.Optional;

/**
 * The version of a resource that compiled last, as its status keeps it: a Pillion that starts finds it there. Everybody who may write the
 * status of profiles and policies can write it, so it is compiled and checked like any other version.
 *
 * @param generation as the API server counted it
 * @param spec as JSON text: one field for the API server, whatever is in it
 */
public record LastGood(long generation, String spec) {

    /** In characters. An object of the API server's may have 1.5 MB, and holds the present spec and who manages its fields too. */
    static final int LONGEST = 256 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What a status says; empty when it says nothing that can be used. */
    static Optional<LastGood> in(JsonNode status) {
        JsonNode stored = status.path("lastGood");
        String spec = stored.path("spec").asText("");
        return spec.isEmpty() || spec.length() > LONGEST
                ? Optional.empty()
                : Optional.of(new LastGood(stored.path("generation").asLong(), spec));
    }

    /** That of a version; empty when it is too large to be kept. */
    static Optional<LastGood> of(long generation, Source source) {
        String spec = source.document().tree().path("spec").toString();
        return spec.length() > LONGEST ? Optional.empty() : Optional.of(new LastGood(generation, spec));
    }

    /** As a status has it. */
    public ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("generation", generation)
                .put("spec", spec);
    }

    /** The resource with this version in the place of its present one; empty when it is not JSON. */
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
