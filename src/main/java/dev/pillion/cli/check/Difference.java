package dev.pillion.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.cli.manifest.ManifestDiff;
import java.util.List;

/** The difference between the expected and the actual result of a case. */
final class Difference {

    private Difference() {}

    /** A unified diff of both as YAML; a sentence if they are of different kinds. */
    static List<String> between(Expectation expected, Expectation actual) {
        if (!expected.file().equals(actual.file())) {
            return List.of("expected " + expected.summary() + ", but the result is " + actual.summary());
        }
        return ManifestDiff.between("expected", orderedLike(expected.tree(), actual.tree()), "actual", actual.tree());
    }

    /** The tree with its fields in the order of the model, because the order of fields has no meaning. */
    private static JsonNode orderedLike(JsonNode tree, JsonNode model) {
        return switch (tree) {
            case ObjectNode object -> {
                ObjectNode ordered = JsonNodeFactory.instance.objectNode();
                model.properties().forEach(field -> {
                    if (object.has(field.getKey())) {
                        ordered.set(field.getKey(), orderedLike(object.get(field.getKey()), field.getValue()));
                    }
                });
                object.properties().forEach(field -> ordered.putIfAbsent(field.getKey(), field.getValue()));
                yield ordered;
            }
            case ArrayNode array -> {
                ArrayNode ordered = JsonNodeFactory.instance.arrayNode();
                for (int index = 0; index < array.size(); index++) {
                    ordered.add(orderedLike(array.get(index), model.path(index)));
                }
                yield ordered;
            }
            default -> tree;
        };
    }
}
