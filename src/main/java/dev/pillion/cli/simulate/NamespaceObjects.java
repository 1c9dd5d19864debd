package dev.pillion.cli.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The objects beside a workload: those of an input, or of a cluster. */
public interface NamespaceObjects {

    /** The objects of a kind of the core API group, in a namespace. */
    List<JsonNode> in(String namespace, String kind);

    /** Kind and name as kubectl writes them. */
    static String title(JsonNode object) {
        return object.path("kind").asText() + "/"
                + object.path("metadata").path("name").asText("(no name)");
    }
}
