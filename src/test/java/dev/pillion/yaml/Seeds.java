package dev.pillion.yaml;

import java.util.Random;
import java.util.stream.LongStream;

/**
 * Runs a property once for each of many seeds, and reports the seed of a failure. The seeds are the same in every run, so builds are
 * reproducible. {@code -Dseed=N} runs one seed only, and {@code -Dseeds.from=N} runs others.
 */
public final class Seeds {

    private Seeds() {}

    /** A property that is true for all random choices. */
    public interface Property {
        void holds(Random random) throws Exception;
    }

    public static void each(int count, Property property) {
        Long one = Long.getLong("seed");
        long from = Long.getLong("seeds.from", 1);
        LongStream.range(0, one == null ? count : 1)
                .map(index -> one == null ? from + index : one)
                .forEach(seed -> check(seed, property));
    }

    private static void check(long seed, Property property) {
        try {
            property.holds(new Random(seed));
        } catch (Exception | AssertionError | StackOverflowError e) {
            throw new AssertionError("fails with -Dseed=" + seed + ": " + e.getMessage(), e);
        }
    }
}
