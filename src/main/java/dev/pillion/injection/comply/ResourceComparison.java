package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.injection.compare.FieldComparison;
import dev.pillion.injection.settings.ToleratedAdditions;
import dev.pillion.pod.Quantity;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/**
 * Compares a companion's requests and limits. A LimitRange gives each container what it does not set, so that may be added; but no limit
 * that leaves the companion less than it requests, or next to nothing.
 */
record ResourceComparison(FieldComparison fields, ToleratedAdditions tolerated) {

    /** What a LimitRange may set of every container, and the least limit with which a companion runs at all. */
    private static final Map<String, BigDecimal> LEAST = Map.of(
            "cpu", new BigDecimal("0.01"),
            "memory", BigDecimal.valueOf(16L << 20),
            "ephemeral-storage", BigDecimal.valueOf(16L << 20));

    Optional<String> difference(JsonNode wanted, JsonNode actual) {
        for (String kind : new String[] {"limits", "requests"}) {
            for (Map.Entry<String, JsonNode> own : wanted.path(kind).properties()) {
                if (tolerated.resources().contains(own.getKey())) {
                    continue;
                }
                Optional<String> difference = fields.difference(
                        "resources." + kind + "." + own.getKey(),
                        own.getValue(),
                        actual.path(kind).path(own.getKey()));
                if (difference.isPresent()) {
                    return difference;
                }
            }
            for (Map.Entry<String, JsonNode> added : actual.path(kind).properties()) {
                String resource = added.getKey();
                if (!wanted.path(kind).hasNonNull(resource)
                        && !tolerated.resources().contains(resource)
                        && !isUsual(kind, resource, added.getValue(), wanted)) {
                    return Optional.of(FieldComparison.sentence(
                            "resources." + kind + "." + resource, MissingNode.getInstance(), added.getValue()));
                }
            }
        }
        for (Map.Entry<String, JsonNode> other : actual.properties()) {
            if (!other.getKey().equals("limits") && !other.getKey().equals("requests")) {
                Optional<String> difference =
                        fields.difference("resources." + other.getKey(), wanted.path(other.getKey()), other.getValue());
                if (difference.isPresent()) {
                    return difference;
                }
            }
        }
        return wanted.hasNonNull("claims")
                ? fields.difference("resources.claims", wanted.path("claims"), actual.path("claims"))
                : Optional.empty();
    }

    private static boolean isUsual(String kind, String resource, JsonNode value, JsonNode wanted) {
        if (kind.equals("requests")) {
            return LEAST.containsKey(resource)
                    || Quantity.same(wanted.path("limits").path(resource).asText(), value.asText());
        }
        BigDecimal least = LEAST.get(resource);
        if (least == null) {
            return false;
        }
        BigDecimal request =
                Quantity.amount(wanted.path("requests").path(resource).asText()).orElse(BigDecimal.ZERO);
        return Quantity.amount(value.asText())
                .filter(limit -> limit.compareTo(least.max(request)) >= 0)
                .isPresent();
    }
}
