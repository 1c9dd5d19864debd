package dev.pillion.expression;

import static java.util.Objects.requireNonNull;

import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The structures that expressions can read, with the types of their fields.
 *
 * @param structs the fields and their types by the name of the structure
 * @param always the fields that are never absent, by structure; no field of a structure without an entry is optional
 */
public record Schema(Map<String, Map<String, Type>> structs, Map<String, Set<String>> always) {

    public Schema {
        structs = Map.copyOf(structs);
        always = Map.copyOf(always);
    }

    public Schema(Map<String, Map<String, Type>> structs) {
        this(structs, Map.of());
    }

    /** Whether a field of a structure can be absent. */
    boolean mayLack(String struct, String field) {
        Set<String> present = always.get(struct);
        return present != null && !present.contains(field) && fields(struct).containsKey(field);
    }

    /** The fields of a structure; empty if the structure is unknown. */
    public Map<String, Type> fields(String struct) {
        return structs.getOrDefault(requireNonNull(struct), Map.of());
    }

    /** The type of a field of this owner; any value if the type is not known. */
    Type fieldType(Type owner, String field) {
        return switch (owner) {
            case Struct(String name) -> fields(name).getOrDefault(field, Scalar.ANY);
            case MapOf(Type value) -> value;
            case ListOf _, Scalar _ -> Scalar.ANY;
        };
    }

    /** A schema with one more structure. */
    public Schema with(String name, Map<String, Type> fields) {
        Map<String, Map<String, Type>> all = new HashMap<>(structs);
        all.put(name, new LinkedHashMap<>(fields));
        return new Schema(all, always);
    }
}
