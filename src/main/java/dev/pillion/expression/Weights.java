package dev.pillion.expression;

import dev.pillion.expression.limit.LimitExceededException;
import dev.pillion.expression.limit.ValueLimits;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many elements the lists and maps of one evaluation have with all that is in them. Those that share their elements are small in memory, and
 * to compare two of them takes as long as if each element were there as often as it is mentioned.
 */
final class Weights {

    private @Nullable Map<Object, Long> known;

    /**
     * Looks at a list or a map that has just been made.
     *
     * @throws LimitExceededException when it would have more elements than a value may
     */
    void check(@Nullable Object made) {
        if (of(made) > ValueLimits.MAX_SIZE) {
            throw ValueLimits.tooLarge();
        }
    }

    private long of(@Nullable Object value) {
        return switch (value) {
            // They share nothing, and are looked at under a limit of their own.
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
