package dev.pillion.injection.plan;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.io.Serial;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Reads a set of trees from a text that anybody may have written. Trees have no order, so a hash set of many with the same hash takes quadratic
 * time; hence there may be only some.
 */
public final class BoundedJson extends StdDeserializer<Set<JsonNode>> {

    @Serial
    private static final long serialVersionUID = 1;

    /** More than any profile adds to a container. */
    private static final int MOST = 500;

    BoundedJson() {
        super(Set.class);
    }

    @Override
    public Set<JsonNode> deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        JsonNode list = context.readTree(parser);
        if (!list.isArray() || list.size() > MOST) {
            return context.reportInputMismatch(this, "expected a list of at most %d elements", MOST);
        }
        Set<JsonNode> nodes = new LinkedHashSet<>();
        list.forEach(nodes::add);
        return nodes;
    }
}
