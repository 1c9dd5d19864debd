package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.yaml.splice.SourceNode.Alias;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values before and after the change of the nodes with anchors that were read so far. An alias comes after its anchor. */
final class Anchors {

    private record Change(JsonNode before, JsonNode after) {}

    private static final Change NONE = new Change(MissingNode.getInstance(), MissingNode.getInstance());

    private final Map<SourceNode, Change> changes = new IdentityHashMap<>();
    private final Map<String, Change> latest = new HashMap<>();

    void add(SourceNode node, JsonNode before, JsonNode after) {
        @Nullable String anchor = node.properties().anchor();
        if (anchor != null) {
            changes.put(node, new Change(before, after));
            latest.put(anchor, new Change(before, after));
        }
    }

    /** Missing if the anchor is removed. */
    JsonNode after(Alias alias) {
        return changes.getOrDefault(alias.target(), NONE).after;
    }

    JsonNode before(Alias alias) {
        return changes.getOrDefault(alias.target(), NONE).before;
    }

    /** The value of an alias in the form {@code *name} at this position; missing if there is no such anchor. */
    JsonNode after(String alias) {
        return latest.getOrDefault(alias.substring(1), NONE).after;
    }
}
