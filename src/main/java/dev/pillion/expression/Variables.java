package dev.pillion.expression;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The values of the variables for one evaluation. Each is made when an expression first asks for it. Not thread-safe. */
public final class Variables {

    private final Map<String, Supplier<Object>> suppliers;
    private final Map<String, Object> values = new HashMap<>();

    private Variables(Map<String, Supplier<Object>> suppliers) {
        this.suppliers = suppliers;
    }

    public static Variables none() {
        return new Variables(Map.of());
    }

    /** These variables and one more, which hides one of the same name. */
    public Variables with(String name, Supplier<Object> value) {
        Map<String, Supplier<Object>> all = new HashMap<>(suppliers);
        for (String known : suppliers.keySet()) {
            all.put(known, () -> get(known).orElseThrow());
        }
        all.put(name, value);
        return new Variables(all);
    }

    Optional<Object> get(String name) {
        Object known = values.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        @Nullable Supplier<Object> supplier = suppliers.get(name);
        if (supplier == null) {
            return Optional.empty();
        }
        Object value = supplier.get();
        values.put(name, value);
        return Optional.of(value);
    }
}
