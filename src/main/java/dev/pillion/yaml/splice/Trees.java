package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Compares trees by their values: neither the Java type of a number nor the order of fields matters. */
final class Trees {

    private static final Comparator<JsonNode> VALUES = (one, other) -> one.equals(other)
                    || (one.isNumber() && other.isNumber() && one.decimalValue().compareTo(other.decimalValue()) == 0)
            ? 0
            : 1;

    private Trees() {}

    static boolean same(JsonNode one, @Nullable JsonNode other) {
        return other != null && one.equals(VALUES, other);
    }
}
