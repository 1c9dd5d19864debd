package dev.pillion.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * The manifests for a policy.
 *
 * @param differences sentences about the differences from Pillion
 */
public record Exported(List<JsonNode> manifests, List<String> differences) {

    public Exported {
        manifests = List.copyOf(manifests);
        differences = List.copyOf(differences);
    }
}
