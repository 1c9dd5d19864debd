package dev.pillion.expression;

import dev.pillion.expression.limit.LimitExceededException;
import dev.pillion.expression.limit.ValueLimits;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts the elements of the lists and maps of one evaluation, including nested ones. Lists that share elements are small in memory, but to compare
 * two of them takes as long as if each element were copied.
 */
final class Weights {

    private @Nullable Map<Object, Long> known;

    /**
     * Checks a new list or map.
     *
     * @throws LimitExceededException if it has more elements than a value is allowed to have
     */
    void check(@Nullable Object made) {
        if (of(made) > ValueLimits.MAX_SIZE) {
            throw ValueLimits.tooLarge();
        }
    }

    private long of(@Nullable Object value) {
        return switch (value) {
            // JSON shares no elements, and its size has a limit of its own.
            case JsonViews.Elements _, JsonViews.Fields _ -> 1;
            case Collection<?> list -> recalled(list, list);
            case Map<?, ?> map -> recalled(map, map.values());
            case Optional<?> box -> of(box.orElse(null));
            case null, default -> 1;
        };
    }

    private long recalled(Object owner, Collection<?> elements) {
        Map<Object, Long> weights = known;
        if (weights == null) {
            weights = new IdentityHashMap<>();
            known = weights;
        }
        Long before = weights.get(owner);
        if (before != null) {
            return before;
        }
        long weight = 1;
        for (Object element : elements) {
            weight += of(element);
        }
        weights.put(owner, weight);
        return weight;
    }
}
