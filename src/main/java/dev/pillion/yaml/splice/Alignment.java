package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Maps the elements of a changed list to those of the original list. The order is the same, because Pillion adds and removes elements and moves
 * none. A changed element is identified by its name, or by its unchanged fields.
 */
final class Alignment {

    /** The index of a new element. */
    static final int NEW = -1;

    private final JsonNode before;
    private final Map<JsonNode, Deque<Integer>> equal = new HashMap<>();

    private Alignment(JsonNode before, JsonNode after) {
        this.before = before;
        for (int index = 0; index < before.size(); index++) {
            equal.computeIfAbsent(before.get(index), element -> new ArrayDeque<>())
                    .add(index);
        }
        // If one of several equal maps changed, the order shows which one it is.
        equal.entrySet()
                .removeIf(each -> each.getKey().isObject() && each.getValue().size() > 1);
        // The same applies to elements with equal names: a changed one can become equal to another one.
        Map<Identity, Long> then = identities(before);
        Map<Identity, Long> now = identities(after);
        equal.keySet().removeIf(element -> {
            long count = then.getOrDefault(Identity.of(element), 0L);
            return count > 1 && count == now.getOrDefault(Identity.of(element), 0L);
        });
    }

    private static Map<Identity, Long> identities(JsonNode list) {
        return list.valueStream()
                .map(Identity::of)
                .filter(identity -> !identity.name.isEmpty())
                .collect(Collectors.groupingBy(identity -> identity, Collectors.counting()));
    }

    /** The fields that identify an element of a list: containers, volumes and variables have names, mounts have directories too. */
    private record Identity(String name, String directory) {

        static Identity of(JsonNode element) {
            return new Identity(
                    element.path("name").asText(""), element.path("mountPath").asText(""));
        }
    }

    /** The index of each element in the original list, or {@link #NEW}. */
    static List<Integer> of(JsonNode before, JsonNode after) {
        Alignment alignment = new Alignment(before, after);
        List<Integer> indices = new ArrayList<>();
        int last = NEW;
        for (JsonNode element : after) {
            int index = alignment.equalAfter(last, element);
            indices.add(index);
            last = Math.max(last, index);
        }
        alignment.fillGaps(after, indices);
        return indices;
    }

    private int equalAfter(int last, JsonNode element) {
        @Nullable Deque<Integer> same = equal.get(element);
        while (same != null && !same.isEmpty() && same.getFirst() <= last) {
            same.removeFirst();
        }
        return same == null || same.isEmpty() ? NEW : same.getFirst();
    }

    /** Between two equal elements, searches the original elements among the changed ones, in order. */
    private void fillGaps(JsonNode after, List<Integer> indices) {
        int start = 0;
        int next = 0;
        for (int index = 0; index <= after.size(); index++) {
            int same = index == after.size() ? before.size() : indices.get(index);
            if (same != NEW) {
                fillGap(after, indices, start, index, next, same);
                start = index + 1;
                next = same + 1;
            }
        }
    }

    private void fillGap(JsonNode after, List<Integer> indices, int start, int end, int first, int last) {
        int index = start;
        for (int old = first; old < last; old++) {
            int found = index;
            while (found < end && !isSame(before.get(old), after.get(found))) {
                found++;
            }
            if (found < end) {
                indices.set(found, old);
                index = found + 1;
            }
        }
    }

    private static boolean isSame(JsonNode before, JsonNode after) {
        if (!before.isObject() || !after.isObject()) {
            return before.isArray() && after.isArray();
        }
        Identity identity = Identity.of(before);
        if (!identity.equals(Identity.of(after))) {
            return false;
        }
        JsonNode smaller = before.size() < after.size() ? before : after;
        JsonNode larger = smaller == before ? after : before;
        return !identity.name.isEmpty()
                || smaller.propertyStream()
                        .allMatch(field -> isSameField(field.getValue(), larger.get(field.getKey())));
    }

    private static boolean isSameField(JsonNode value, @Nullable JsonNode other) {
        return other != null && (value.isContainerNode() || other.isContainerNode() || value.equals(other));
    }
}
