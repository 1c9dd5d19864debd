package dev.pillion.expression;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The values of the variables for one evaluation. Each value is computed when an expression first reads it. Not thread-safe. */
public final class Variables {

    private static final Variables NONE = new Variables("", Optional::empty, null);

    /** The value of a path that contains a value without fields. */
    private static final Object ASTRAY = new Object();

    private final String name;
    private final Supplier<Object> supplier;
    private final @Nullable Variables others;
    private @Nullable Object value;

    private Variables(String name, Supplier<Object> supplier, @Nullable Variables others) {
        this.name = name;
        this.supplier = supplier;
        this.others = others;
    }

    public static Variables none() {
        return NONE;
    }

    /** These variables and one more. It hides a variable of the same name. */
    public Variables with(String variable, Supplier<Object> itsValue) {
        return new Variables(variable, itsValue, this);
    }

    Optional<Object> get(String variable) {
        for (Variables each = this; each.others != null; each = each.others) {
            if (each.name.equals(variable)) {
                return Optional.of(each.value());
            }
        }
        return Optional.empty();
    }

    private Object value() {
        Object known = value;
        if (known == null) {
            known = supplier.get();
            value = known;
        }
        return known;
    }

    /** The value of a path with an absent field at this step. */
    record Absent(int step) {}

    /** The value at a path; {@link Absent} if one of its fields is absent, and empty if its first step is no variable. */
    Optional<Object> at(String[] path) {
        Optional<Object> variable = get(path[0]);
        if (variable.isEmpty()) {
            return variable;
        }
        Object reached = variable.get();
        for (int step = 1; step < path.length; step++) {
            if (!(reached instanceof Map<?, ?> map)) {
                return Optional.of(ASTRAY);
            }
            Object next = map.get(path[step]);
            if (next == null) {
                return Optional.of(new Absent(step));
            }
            reached = next;
        }
        return Optional.of(reached);
    }
}
