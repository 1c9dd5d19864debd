package dev.pillion.catalog.parameter;

import java.util.Map;

/** The names that no parameter can have, because the annotation {@code <profile>.pillion.dev/<name>} has another meaning. */
public final class ParameterNames {

    /** Selects the app's containers for a profile. */
    public static final String CONTAINERS = "containers";

    private static final Map<String, String> RESERVED =
            Map.of(CONTAINERS, "selects the app's containers for a profile");

    private ParameterNames() {}

    /** What the annotation of a reserved name does; null for every other name. */
    public static @org.jspecify.annotations.Nullable String meaning(String name) {
        return RESERVED.get(name);
    }
}
