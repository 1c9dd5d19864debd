package dev.pillion.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The methods that Jazzer calls by their names, so they compile without Jazzer. */
public final class JazzerEntry {

    private static @Nullable FuzzTarget target;

    private JazzerEntry() {}

    /** @param arguments the name of the target */
    public static void fuzzerInitialize(String[] arguments) throws Exception {
        target = FuzzTarget.named(arguments[0]);
        // Loads the instrumented classes, which takes seconds, before the first input.
        for (Path input : target.inputs()) {
            target.test(Files.readAllBytes(input));
        }
    }

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        java.util.Objects.requireNonNull(target).test(input);
    }
}
