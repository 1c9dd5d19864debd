package dev.pillion.catalog.parameter;

import java.util.List;
import java.util.Map;

/** The reserved names of parameters: the annotation {@code <profile>.pillion.dev/<name>} has another meaning for them. */
public final class ParameterNames {

    /** Selects the app's containers for a profile. */
    public static final String CONTAINERS = "containers";

    /** Pins a generation of a profile. */
    public static final String GENERATION = "generation";

    /** All reserved names. */
    public static final List<String> RESERVED = List.of(CONTAINERS, GENERATION);

    private static final Map<String, String> MEANINGS = Map.of(
            CONTAINERS, "selects the app's containers for a profile", GENERATION, "pins a generation of a profile");

    private ParameterNames() {}

    /** The meaning of a reserved name's annotation; null for other names. */
    public static @org.jspecify.annotations.Nullable String meaning(String name) {
        return MEANINGS.get(name);
    }
}
