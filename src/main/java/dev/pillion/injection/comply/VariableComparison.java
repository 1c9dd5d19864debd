package dev.pillion.injection.comply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.compare.FieldComparison;
import dev.pillion.injection.settings.ToleratedAdditions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Compares a companion's environment. The order counts, since a value can refer to earlier variables, and the last variable of a name takes
 * effect. A tolerated variable may be at any position.
 */
record VariableComparison(FieldComparison fields, ToleratedAdditions tolerated) {

    Optional<String> difference(JsonNode rendered, JsonNode actual) {
        Set<String> names = new HashSet<>();
        rendered.forEach(variable -> names.add(variable.path("name").asText()));
        int next = 0;
        for (JsonNode variable : actual) {
            String name = variable.path("name").asText();
            if (!names.contains(name)) {
                if (!tolerated.toleratesVariable(name)) {
                    return Optional.of("env has " + Excerpt.of(name) + ", which the profile does not set");
                }
            } else if (!rendered.path(next).path("name").asText().equals(name)) {
                return Optional.of("env has " + name + " twice, or in a different position than the profile");
            } else {
                Optional<String> difference = fields.difference("env", rendered.get(next++), variable);
                if (difference.isPresent()) {
                    return difference.map(sentence -> "variable " + name + ": " + sentence);
                }
            }
        }
        return next == rendered.size()
                ? Optional.empty()
                : Optional.of("env lacks " + rendered.get(next).path("name").asText());
    }
}
