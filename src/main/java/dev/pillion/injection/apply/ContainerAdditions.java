package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.pod.Container;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is added to one container of the app.
 *
 * @param variables by name; texts may still be appended to their values
 * @param values of the container's own variables to which a text was appended, by index
 */
record ContainerAdditions(
        List<JsonNode> mounts, Map<String, ObjectNode> variables, List<JsonNode> sources, Map<Integer, String> values) {

    ContainerAdditions() {
        this(new ArrayList<>(), new LinkedHashMap<>(), new ArrayList<>(), new LinkedHashMap<>());
    }

    /** The container's own variables, with the texts that are appended to them. */
    private JsonNode ownVariables(Container container) {
        JsonNode env = container.tree().path("env");
        if (values.isEmpty()) {
            return env;
        }
        JsonNode changed = env.deepCopy();
        values.forEach((index, value) -> ((ObjectNode) changed.path(index)).put("value", value));
        return changed;
    }

    List<VariablePlacement> placements(Container container) {
        return VariablePlacement.of(ownVariables(container), List.copyOf(variables.values()));
    }

    /** The container with everything that is added to it. */
    Container addedTo(Container container) {
        ObjectNode tree = container.tree().deepCopy();
        mounts.forEach(mount -> list(tree, "volumeMounts").add(mount.deepCopy()));
        sources.forEach(source -> list(tree, "envFrom").add(source.deepCopy()));
        if (!values.isEmpty()) {
            tree.set("env", ownVariables(container));
        }
        int inserted = 0;
        for (VariablePlacement placement : placements(container)) {
            list(tree, "env")
                    .insert(
                            placement.before() + inserted++,
                            placement.variable().deepCopy());
        }
        return container.with(tree);
    }

    private static ArrayNode list(ObjectNode container, String field) {
        return container.path(field) instanceof ArrayNode list ? list : container.putArray(field);
    }
}
