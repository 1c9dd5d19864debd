package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.pillion.catalog.parameter.InvalidValueException;
import dev.pillion.catalog.parameter.ParameterType;
import dev.pillion.catalog.parameter.ResourceForms;
import dev.pillion.catalog.parameter.ScalarForms;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Nearest;
import dev.pillion.expression.limit.PatternLimits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the fields that limit the values of a parameter. */
final class ParameterConstraints {

    private ParameterConstraints() {}

    static Optional<Pattern> pattern(Fields fields) {
        try {
            return fields.text("pattern").map(PatternLimits::compile);
        } catch (PatternSyntaxException e) {
            fields.report(
                    "pattern",
                    "is not a valid RE2 expression: " + e.getDescription() + ": " + Excerpt.of(e.getPattern()));
            return Optional.empty();
        }
    }

    static Optional<Long> bound(Fields fields, String field, Optional<ParameterType> type) {
        Optional<Long> bound = fields.integer(field);
        if (bound.isPresent()
                && type.isPresent()
                && type.get() != ParameterType.INTEGER
                && type.get() != ParameterType.PORT) {
            fields.report(
                    field,
                    "applies only to the types integer and port, not to "
                            + type.get().word());
        }
        return bound;
    }

    static Map<String, String> amounts(Fields fields, String field, Optional<ParameterType> known) {
        Map<String, String> amounts = new LinkedHashMap<>();
        JsonNode tree = fields.any(field);
        if (tree.isMissingNode() || known.isEmpty()) {
            return amounts;
        }
        ParameterType type = known.get();
        if (type != ParameterType.RESOURCES || !tree.isObject()) {
            fields.report(
                    field,
                    type == ParameterType.RESOURCES
                            ? "must be a map of amounts, such as {cpu: 100m, memory: 64Mi}"
                            : "applies only to the type resources, not to " + type.word());
            return amounts;
        }
        Fields amountFields = fields.map(field);
        for (Map.Entry<String, JsonNode> amount : tree.properties()) {
            if (!ResourceForms.RESOURCES.contains(amount.getKey())) {
                amountFields.report(
                        amount.getKey(),
                        "unknown resource '" + amount.getKey() + "'"
                                + Nearest.hint(amount.getKey(), ResourceForms.RESOURCES));
            }
            try {
                amounts.put(
                        amount.getKey(), ScalarForms.quantity(amount.getValue().asText()));
            } catch (InvalidValueException e) {
                amountFields.report(amount.getKey(), e.getMessage());
            }
        }
        return amounts;
    }

    static List<String> values(Fields fields, ParameterType type) {
        List<String> values = fields.texts("values");
        boolean given = fields.any("values").isArray()
                ? !values.isEmpty()
                : !fields.any("values").isMissingNode();
        if ((type == ParameterType.ENUM) != given) {
            fields.report(
                    "values",
                    type == ParameterType.ENUM ? "is missing; an enum lists its values" : "only an enum has values");
        }
        return values;
    }
}
