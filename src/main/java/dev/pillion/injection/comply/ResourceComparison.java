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
 * Compares a companion's requests and limits. A LimitRange sets defaults for every container, so values that the profile does not set are
 * allowed. A limit must not be below the companion's requests or below a minimum.
 */
record ResourceComparison(FieldComparison fields, ToleratedAdditions tolerated) {

    /** The resources that a LimitRange may set, each with the minimum limit with which a companion still runs. */
    private static final Map<String, BigDecimal> MINIMUM = Map.of(
            "cpu", new BigDecimal("0.01"),
            "memory", BigDecimal.valueOf(16L << 20),
            "ephemeral-storage", BigDecimal.valueOf(16L << 20));

    Optional<String> difference(JsonNode rendered, JsonNode actual) {
        for (String kind : new String[] {"limits", "requests"}) {
            for (Map.Entry<String, JsonNode> own : rendered.path(kind).properties()) {
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
                if (!rendered.path(kind).hasNonNull(resource)
                        && !tolerated.resources().contains(resource)
                        && !isDefaultOfLimitRange(kind, resource, added.getValue(), rendered)) {
                    return Optional.of(FieldComparison.sentence(
                            "resources." + kind + "." + resource, MissingNode.getInstance(), added.getValue()));
                }
            }
        }
        for (Map.Entry<String, JsonNode> other : actual.properties()) {
            if (!other.getKey().equals("limits") && !other.getKey().equals("requests")) {
                Optional<String> difference = fields.difference(
                        "resources." + other.getKey(), rendered.path(other.getKey()), other.getValue());
                if (difference.isPresent()) {
                    return difference;
                }
            }
        }
        return rendered.hasNonNull("claims")
                ? fields.difference("resources.claims", rendered.path("claims"), actual.path("claims"))
                : Optional.empty();
    }

    private static boolean isDefaultOfLimitRange(String kind, String resource, JsonNode value, JsonNode rendered) {
        if (kind.equals("requests")) {
            return MINIMUM.containsKey(resource)
                    || Quantity.same(rendered.path("limits").path(resource).asText(), value.asText());
        }
        BigDecimal least = MINIMUM.get(resource);
        if (least == null) {
            return false;
        }
        BigDecimal request = Quantity.amount(
                        rendered.path("requests").path(resource).asText())
                .orElse(BigDecimal.ZERO);
        return Quantity.amount(value.asText())
                .filter(limit -> limit.compareTo(least.max(request)) >= 0)
                .isPresent();
    }
}
