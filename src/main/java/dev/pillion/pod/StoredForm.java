package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/**
 * The form in which the API server stores a Pod: it omits values that mean the same as none (Go's {@code omitempty}), and writes quantities in their
 * shortest form. Paths have dots between fields, and no indices of lists.
 */
public final class StoredForm {

    /** Fields that are omitted if they are zero or false. In all other fields, the API server keeps these values. */
    private static final Set<String> ZERO_IS_ABSENT = Set.of(
            "stdin",
            "stdinOnce",
            "tty",
            "readOnly",
            "hostPort",
            "initialDelaySeconds",
            "timeoutSeconds",
            "periodSeconds",
            "successThreshold",
            "failureThreshold");

    /** Maps that are omitted if they are empty. An empty map in another field can have a meaning, as in {@code emptyDir: {}}. */
    private static final Set<String> EMPTY_MAP_IS_ABSENT = Set.of(
            "annotations",
            "labels",
            "limits",
            "matchLabels",
            "metadata",
            "nodeSelector",
            "requests",
            "resources",
            "volumeAttributes");

    private StoredForm() {}

    /** Whether a field with this value means the same as one that is missing, if all empty maps are. */
    public static boolean isOmitted(String path, JsonNode node) {
        return isOmitted(path, node, true);
    }

    /** Whether the API server omits a field with this value. */
    public static boolean isDropped(String path, JsonNode node) {
        return isOmitted(path, node, false);
    }

    private static boolean isOmitted(String path, JsonNode node, boolean anyMap) {
        return switch (node.getNodeType()) {
            case MISSING, NULL -> true;
            case STRING -> node.textValue().isEmpty();
            case BOOLEAN -> !node.booleanValue() && ZERO_IS_ABSENT.contains(field(path));
            case NUMBER -> node.decimalValue().signum() == 0 && ZERO_IS_ABSENT.contains(field(path));
            case ARRAY -> node.isEmpty();
            case OBJECT -> (anyMap || EMPTY_MAP_IS_ABSENT.contains(field(path))) && isEmpty(path, node, anyMap);
            case BINARY, POJO -> false;
        };
    }

    private static boolean isEmpty(String path, JsonNode map, boolean anyMap) {
        for (Map.Entry<String, JsonNode> field : map.properties()) {
            String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (!isOmitted(below, field.getValue(), anyMap)) {
                return false;
            }
        }
        return true;
    }

    private static String field(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** The API server writes {@code 1} for {@code 1000m}. */
    public static boolean isQuantity(String path) {
        return path.contains("limits.")
                || path.contains("requests.")
                || path.endsWith("sizeLimit")
                || path.endsWith("divisor");
    }

    /** Whether two values of a field are the same, apart from the form of numbers and quantities. */
    public static boolean same(String path, JsonNode one, JsonNode other) {
        if (one.equals(other)) {
            return true;
        }
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue()) == 0;
        }
        return isQuantity(path) && other.isValueNode() && Quantity.same(one.asText(), other.asText());
    }
}
