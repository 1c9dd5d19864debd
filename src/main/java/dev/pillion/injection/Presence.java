package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether something rendered is in the Pod: every field that it sets has that value there, lists of named things compared by name.
 * What others added does not matter.
 */
final class Presence {

    /** The fields by which Kubernetes merges lists of a container or volume (patchMergeKey in its API types). */
    private static final List<String> KEYS = List.of("mountPath", "containerPort", "name");

    private Presence() {}

    static boolean holds(JsonNode wanted, JsonNode actual) {
        return switch (wanted.getNodeType()) {
            case OBJECT -> {
                for (Map.Entry<String, JsonNode> field : wanted.properties()) {
                    if (!holds(field.getValue(), actual.path(field.getKey()))) {
                        yield false;
                    }
                }
                yield actual.isObject();
            }
            case ARRAY -> {
                Optional<String> key = key(wanted);
                if (key.isEmpty()) {
                    // The API server drops an empty list.
                    yield wanted.equals(actual) || (wanted.isEmpty() && actual.isMissingNode());
                }
                for (JsonNode element : wanted) {
                    if (!holdsIn(element, key.get(), actual)) {
                        yield false;
                    }
                }
                yield true;
            }
            case NULL -> actual.isMissingNode() || actual.isNull();
            case NUMBER -> actual.isNumber() && wanted.decimalValue().compareTo(actual.decimalValue()) == 0;
            case STRING, BOOLEAN, BINARY, POJO, MISSING -> wanted.equals(actual);
        };
    }

    /** Whether one of the list's elements is this one. */
    static boolean holdsIn(JsonNode list, JsonNode wanted) {
        for (JsonNode element : list) {
            if (holds(wanted, element)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holdsIn(JsonNode element, String key, JsonNode list) {
        for (JsonNode candidate : list) {
            if (holds(element.path(key), candidate.path(key)) && holds(element, candidate)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<String> key(JsonNode list) {
        return list.isEmpty()
                ? Optional.empty()
                : KEYS.stream()
                        .filter(key -> {
                            for (JsonNode element : list) {
                                if (!element.has(key)) {
                                    return false;
                                }
                            }
                            return true;
                        })
                        .findFirst();
    }
}
