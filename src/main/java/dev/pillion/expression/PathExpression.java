package dev.pillion.expression;

import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelEvaluationExceptionBuilder;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compiles plain paths such as {@code params.image}, the most frequent expressions, without CEL. This takes microseconds instead of
 * milliseconds. A test compares the results with those of CEL.
 */
final class PathExpression {

    private static final Pattern PATH = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)+");

    private PathExpression() {}

    /** The expression, if it is a path and the schema has all its fields. */
    static Optional<Expression> of(String source, Map<String, Type> variables, Schema schema) {
        if (!PATH.matcher(source).matches()) {
            return Optional.empty();
        }
        List<String> steps = Arrays.asList(source.split("\\.", -1));
        @Nullable Type variable = variables.get(steps.getFirst());
        @Nullable Type type = variable;
        for (String step : steps.subList(1, steps.size())) {
            type = type instanceof Struct(String name) ? schema.fields(name).get(step) : null;
        }
        return type == null || variable == null
                ? Optional.empty()
                : Optional.of(new Expression(
                        source,
                        asCel(type),
                        false,
                        Set.of(new FieldPath(steps)),
                        OptionalReads.in(steps, variable, schema),
                        values -> follow(steps, values)));
    }

    private static Object follow(List<String> steps, Variables variables) throws CelEvaluationException {
        Object value = variables.get(steps.getFirst()).orElseThrow(() -> absent(steps.getFirst()));
        for (String step : steps.subList(1, steps.size())) {
            @Nullable Object next = value instanceof Map<?, ?> map ? map.get(step) : null;
            if (next == null) {
                throw absent(step);
            }
            value = next;
        }
        return value;
    }

    private static CelEvaluationException absent(String key) {
        return CelEvaluationExceptionBuilder.newBuilder("key '%s' is not present in map.", key)
                .setErrorCode(CelErrorCode.ATTRIBUTE_NOT_FOUND)
                .build();
    }

    /** The type that CEL's checker gives. CEL has no quantities and no strings that the kubelet expands. */
    private static Type asCel(Type type) {
        return switch (type) {
            case Scalar scalar ->
                switch (scalar) {
                    case STRING, EXPANDED_STRING -> Scalar.STRING;
                    case INTEGER -> Scalar.INTEGER;
                    case BOOLEAN -> Scalar.BOOLEAN;
                    case ANY, NUMBER, INTEGER_OR_STRING, QUANTITY -> Scalar.ANY;
                };
            case ListOf(Type element) -> new ListOf(asCel(element));
            case MapOf(Type value) -> new MapOf(asCel(value));
            case Struct struct -> struct;
        };
    }
}
