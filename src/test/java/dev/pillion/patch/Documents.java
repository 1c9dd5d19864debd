package dev.pillion.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import java.io.StringReader;

/** Patches documents with an RFC 6902 implementation that is not ours. */
final class Documents {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Documents() {}

    static JsonNode patched(Patch patch, JsonNode document) {
        return plain(Json.createPatch(read(patch.toJson()).asJsonArray())
                .apply(read(document))
                .toString());
    }

    /** A document whose numbers have the node types that result from reading them. */
    static JsonNode plain(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    private static JsonStructure read(JsonNode tree) {
        try (JsonReader reader = Json.createReader(new StringReader(tree.toString()))) {
            return reader.read();
        }
    }
}
