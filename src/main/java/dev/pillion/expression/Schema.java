package dev.pillion.expression;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The structures that expressions may reach into: for each name its fields and their types. */
public record Schema(Map<String, Map<String, Type>> structs) {

    public Schema {
        structs = Map.copyOf(structs);
    }

    /** The fields of a structure, empty when it is not listed. */
    public Map<String, Type> fields(String struct) {
        return structs.getOrDefault(requireNonNull(struct), Map.of());
    }

    /** This schema and one structure more. */
    public Schema with(String name, Map<String, Type> fields) {
        Map<String, Map<String, Type>> all = new HashMap<>(structs);
        all.put(name, new LinkedHashMap<>(fields));
        return new Schema(all);
    }
}
