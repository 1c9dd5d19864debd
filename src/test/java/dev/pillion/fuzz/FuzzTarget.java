package dev.pillion.fuzz;

import dev.pillion.admission.CachedResponseFuzz;
import dev.pillion.admission.DecisionFuzz;
import dev.pillion.admission.ReviewBytesFuzz;
import dev.pillion.catalog.compile.CatalogFuzz;
import dev.pillion.injection.select.ParametersFuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fuzz targets. {@code bench/fuzz} and the directory of inputs use the name of the constant in lower case. */
public enum FuzzTarget {
    REVIEW_BYTES(ReviewBytesFuzz::test),
    DECISION(DecisionFuzz::test),
    CACHED_ANSWER(CachedResponseFuzz::test),
    CATALOG(CatalogFuzz::test),
    PARAMETERS(ParametersFuzz::test),
    COMMAND_LINE(CommandLineFuzz::test);

    private static final Path INPUTS = Path.of("src/test/resources/fuzz");

    private final Test test;

    /** Throws any exception or error if Pillion does not handle the input correctly. */
    private interface Test {
        void accept(byte[] input) throws Exception;
    }

    FuzzTarget(Test test) {
        this.test = test;
    }

    static FuzzTarget named(String name) {
        return Arrays.stream(values())
                .filter(target -> target.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no fuzz target '" + name + "'; there are "
                        + Arrays.stream(values()).map(FuzzTarget::toString).collect(Collectors.joining(", "))));
    }

    void test(byte[] input) throws Exception {
        test.accept(input);
    }

    /** The committed inputs: seeds, and inputs that caused a defect in the past. */
    List<Path> inputs() {
        try (Stream<Path> files = Files.list(INPUTS.resolve(toString()))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
