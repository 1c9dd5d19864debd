package dev.pillion.expression;

import java.util.List;
import java.util.Optional;

/**
 * A field that an expression reads: a variable and the names of the fields that follow it, for example {@code pod.spec.securityContext}.
 * A read of a map or a list includes everything in it.
 */
public record FieldPath(List<String> names) {

    public FieldPath {
        names = List.copyOf(names);
    }

    /** @param path the names with dots between them */
    public static FieldPath of(String path) {
        return new FieldPath(List.of(path.split("\\.", -1)));
    }

    public String variable() {
        return names.getFirst();
    }

    /** The name of the variable's field; empty if the path is the whole variable. */
    public Optional<String> field() {
        return names.size() > 1 ? Optional.of(names.get(1)) : Optional.empty();
    }

    /** Whether the fields are the same, or one of them contains the other. */
    public boolean overlaps(FieldPath other) {
        int shared = Math.min(names.size(), other.names.size());
        return names.subList(0, shared).equals(other.names.subList(0, shared));
    }

    @Override
    public String toString() {
        return String.join(".", names);
    }
}
