package dev.pillion.expression;

import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;

/**
 * A variable and the fields, keys and indices that follow it in an expression.
 *
 * @param guarded the path with {@code ?} before each optional field
 * @param optional whether the guarded path has an optional field, so that its value is an optional
 * @param mayBeAbsent whether the last field can be absent if the fields before it are present
 * @param afterOptional whether an earlier step is {@code .?}, which makes all later steps optional
 */
record FieldChain(
        String path, String guarded, Type type, boolean optional, boolean mayBeAbsent, boolean afterOptional) {

    static FieldChain from(String variable, Type type) {
        return new FieldChain(variable, variable, type, false, false, false);
    }

    FieldChain field(String field, Schema schema) {
        Type next =
                switch (type) {
                    case Struct(String struct) -> schema.fields(struct).getOrDefault(field, Scalar.ANY);
                    case MapOf(Type value) -> value;
                    case ListOf list -> Scalar.ANY;
                    case Scalar scalar -> Scalar.ANY;
                };
        boolean absent =
                type instanceof MapOf || (type instanceof Struct(String struct) && schema.mayLack(struct, field));
        return step("." + field, "." + (absent ? "?" : "") + field, next, absent);
    }

    FieldChain key(String key) {
        boolean map = type instanceof MapOf;
        String quoted = "'" + key + "'";
        return step(
                key.matches("[A-Za-z_][A-Za-z0-9_]*") ? "." + key : "[" + quoted + "]",
                "[" + (map ? "?" : "") + quoted + "]",
                type instanceof MapOf(Type value) ? value : Scalar.ANY,
                map);
    }

    /** An element is not optional itself: a read of the list is reported already. */
    FieldChain element(long index) {
        return step(
                "[" + index + "]",
                "[" + (optional ? "?" : "") + index + "]",
                type instanceof ListOf(Type element) ? element : Scalar.ANY,
                false);
    }

    private FieldChain step(String plain, String guardedStep, Type next, boolean absent) {
        return new FieldChain(path + plain, guarded + guardedStep, next, optional || absent, absent, afterOptional);
    }

    FieldChain asTested() {
        return new FieldChain(path, guarded, type, optional, mayBeAbsent, true);
    }

    String suggestion() {
        String otherwise =
                switch (type) {
                    case ListOf list -> ".orValue([])";
                    case MapOf map -> ".orValue({})";
                    case Struct struct -> "";
                    case Scalar scalar ->
                        switch (scalar) {
                            case STRING, EXPANDED_STRING -> ".orValue('')";
                            case INTEGER -> ".orValue(0)";
                            case BOOLEAN -> ".orValue(false)";
                            case ANY, NUMBER, INTEGER_OR_STRING, QUANTITY -> "";
                        };
                };
        return guarded + otherwise;
    }
}
