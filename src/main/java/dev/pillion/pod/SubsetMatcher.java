package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks whether the Pod has all fields of a rendered part with the same values, in any form in which the API server stores them. Lists are compared
 * by the keys of their elements. Additional fields, and images from a mirror, make no difference.
 */
public final class SubsetMatcher {

    /** The merge keys of lists in a container or volume (patchMergeKey in the API types of Kubernetes). */
    private static final List<String> KEYS = List.of("mountPath", "containerPort", "name");

    /** For parts without images. */
    public static final SubsetMatcher PLAIN = new SubsetMatcher(new ImageMirrors(Set.of()));

    private final ImageMirrors images;

    public SubsetMatcher(ImageMirrors images) {
        this.images = images;
    }

    public boolean matches(JsonNode wanted, JsonNode actual) {
        return firstDifference(wanted, actual).isEmpty();
    }

    /** Whether two lists have different elements with the same key. */
    public boolean contradicts(JsonNode wanted, JsonNode actual, String key) {
        ListIndex present = ListIndex.by(key, actual);
        for (JsonNode element : wanted) {
            if (!present.like(element).isEmpty() && !present.contains(element, this)) {
                return true;
            }
        }
        return false;
    }

    /** The first wanted field with another value, for example {@code resources.requests.cpu}; empty if there is none. */
    Optional<String> firstDifference(JsonNode wanted, JsonNode actual) {
        return difference("", wanted, actual);
    }

    private Optional<String> difference(String path, JsonNode wanted, JsonNode actual) {
        if (StoredForm.isDropped(schemaPath(path), actual)) {
            return when(!StoredForm.isDropped(schemaPath(path), wanted), path);
        }
        return switch (wanted.getNodeType()) {
            case OBJECT -> actual.isObject() ? differenceOfFields(path, wanted, actual) : Optional.of(path);
            case ARRAY -> differenceOfElements(path, wanted, actual);
            case STRING, NUMBER, BOOLEAN, NULL, BINARY, POJO, MISSING -> when(!same(path, wanted, actual), path);
        };
    }

    /** The path of the innermost element of a list. */
    private static String schemaPath(String path) {
        int end = path.lastIndexOf("].");
        return end < 0 ? path : path.substring(end + 2);
    }

    private Optional<String> differenceOfFields(String path, JsonNode wanted, JsonNode actual) {
        for (Map.Entry<String, JsonNode> field : wanted.properties()) {
            String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            Optional<String> difference = difference(below, field.getValue(), actual.path(field.getKey()));
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private Optional<String> differenceOfElements(String path, JsonNode wanted, JsonNode actual) {
        Optional<String> key = key(wanted);
        if (key.isEmpty()) {
            return differenceInOrder(path, wanted, actual);
        }
        for (JsonNode element : wanted) {
            String below = path + "[" + element.path(key.get()).asText() + "]";
            Optional<String> difference = Optional.of(below);
            for (JsonNode candidate : actual) {
                if (matches(element.path(key.get()), candidate.path(key.get()))) {
                    difference = difference(below, element, candidate);
                    if (difference.isEmpty()) {
                        break;
                    }
                }
            }
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private Optional<String> differenceInOrder(String path, JsonNode wanted, JsonNode actual) {
        if (!actual.isArray() || wanted.size() != actual.size()) {
            return Optional.of(path);
        }
        for (int index = 0; index < wanted.size(); index++) {
            Optional<String> difference = difference(path, wanted.get(index), actual.get(index));
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private boolean same(String path, JsonNode wanted, JsonNode actual) {
        return StoredForm.same(schemaPath(path), wanted, actual)
                || (path.equals("image") && actual.isValueNode() && images.same(wanted.asText(), actual.asText()));
    }

    private static Optional<String> when(boolean different, String path) {
        return different ? Optional.of(path) : Optional.empty();
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
