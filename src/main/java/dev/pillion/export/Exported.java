package dev.pillion.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Manifests that say what a policy says.
 *
 * @param differences what they do otherwise than Pillion, in sentences
 */
public record Exported(List<JsonNode> manifests, List<String> differences) {

    public Exported {
        manifests = List.copyOf(manifests);
        differences = List.copyOf(differences);
    }
}
