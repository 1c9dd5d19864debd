package dev.pillion.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What Jazzer calls. It knows these methods by their names, so nothing of Jazzer is needed to compile them. */
public final class JazzerEntry {

    private static @Nullable FuzzTarget target;

    private JazzerEntry() {}

    /** @param arguments the target's name */
    public static void fuzzerInitialize(String[] arguments) throws Exception {
        target = FuzzTarget.named(arguments[0]);
        // Loads the classes, which takes seconds when they are instrumented, and is not to count for an input.
        for (Path input : target.inputs()) {
            target.test(Files.readAllBytes(input));
        }
    }

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        java.util.Objects.requireNonNull(target).test(input);
    }
}
