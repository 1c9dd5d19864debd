package dev.pillion.injection.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.compare.KubernetesAdditions.Addition;
import dev.pillion.pod.StoredForm;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares a tree with the tree that a profile renders. Every field counts, whether or not the profile sets it, and lists are compared in order.
 * Defaults of the API server and empty values that the API server omits do not count. The cost is linear in the size of the trees.
 */
public final class FieldComparison {

    private final Map<String, List<String>> defaults;

    public FieldComparison(List<Addition> additions) {
        this.defaults = KubernetesAdditions.values(additions);
    }

    /**
     * The first difference as a sentence; empty if there is none.
     *
     * @param path of both trees, without the indices of lists
     */
    public Optional<String> difference(String path, JsonNode wanted, JsonNode actual) {
        if (StoredForm.isOmitted(path, wanted)) {
            return StoredForm.isOmitted(path, actual) || isDefault(path, actual)
                    ? Optional.empty()
                    : Optional.of(sentence(path, wanted, actual));
        }
        return switch (wanted.getNodeType()) {
            case OBJECT -> ofFields(path, wanted, actual);
            case ARRAY -> ofElements(path, wanted, actual);
            default ->
                StoredForm.same(path, wanted, actual) ? Optional.empty() : Optional.of(sentence(path, wanted, actual));
        };
    }

    private Optional<String> ofFields(String path, JsonNode wanted, JsonNode actual) {
        if (!actual.isObject()) {
            return Optional.of(sentence(path, wanted, actual));
        }
        for (Map.Entry<String, JsonNode> field : wanted.properties()) {
            Optional<String> difference =
                    difference(below(path, field.getKey()), field.getValue(), actual.path(field.getKey()));
            if (difference.isPresent()) {
                return difference;
            }
        }
        for (Map.Entry<String, JsonNode> field : actual.properties()) {
            if (!wanted.has(field.getKey())) {
                Optional<String> difference =
                        difference(below(path, field.getKey()), MissingNode.getInstance(), field.getValue());
                if (difference.isPresent()) {
                    return difference;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> ofElements(String path, JsonNode wanted, JsonNode actual) {
        if (!actual.isArray() || wanted.size() != actual.size()) {
            return Optional.of(sentence(path, wanted, actual));
        }
        for (int index = 0; index < wanted.size(); index++) {
            Optional<String> difference = difference(path, wanted.get(index), actual.get(index));
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    /** Whether the value is the default that the API server sets for a field. */
    public boolean isDefault(String path, JsonNode actual) {
        return actual.isValueNode() && defaults.getOrDefault(path, List.of()).contains(actual.asText());
    }

    public static String sentence(String path, JsonNode wanted, JsonNode actual) {
        return path + " is " + (isAbsent(actual) ? "absent" : shown(actual)) + ", and the profile "
                + (isAbsent(wanted) ? "does not set it" : "has " + shown(wanted));
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static String shown(JsonNode node) {
        return Excerpt.of(node.toString());
    }

    private static String below(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
