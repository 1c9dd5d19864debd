package dev.pillion.catalog.parameter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.pod.Quantity;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bounds of a parameter of type {@code resources}, by resource.
 *
 * @param atLeast for a resource without a bound, the container's own requests and limits are the minimum
 */
public record ResourceBounds(Map<String, String> atLeast, Map<String, String> atMost) {

    static final ResourceBounds NONE = new ResourceBounds(Map.of(), Map.of());

    public ResourceBounds {
        atLeast = Collections.unmodifiableMap(new HashMap<>(atLeast));
        atMost = Collections.unmodifiableMap(new HashMap<>(atMost));
    }

    public void check(JsonNode resources) throws InvalidValueException {
        for (String kind : List.of("requests", "limits")) {
            for (Map.Entry<String, JsonNode> amount : resources.path(kind).properties()) {
                String text = amount.getValue().asText();
                String least = atLeast.get(amount.getKey());
                String most = atMost.get(amount.getKey());
                if (least != null && isLess(text, least)) {
                    throw outside(kind, amount.getKey(), "at least " + least, text);
                }
                if (most != null && isLess(most, text)) {
                    throw outside(kind, amount.getKey(), "at most " + most, text);
                }
            }
        }
    }

    private static InvalidValueException outside(String kind, String resource, String bound, String text) {
        return new InvalidValueException("must set " + kind + "." + resource + " to " + bound + ", sets it to " + text);
    }

    /** Whether one valid quantity is less than another. */
    static boolean isLess(String one, String other) {
        return Quantity.amount(one)
                .flatMap(less -> Quantity.amount(other).filter(more -> less.compareTo(more) < 0))
                .isPresent();
    }
}
