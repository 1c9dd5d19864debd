package dev.pillion.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pillion handles every committed input of the fuzz targets, including those that caused a defect in the past. */
class FuzzCorpusTest {

    private static final long MOST_BYTES = 64 * 1024;

    @ParameterizedTest
    @MethodSource("inputs")
    @Timeout(120)
    void isHandled(FuzzTarget target, Path input) throws Exception {
        target.test(Files.readAllBytes(input));
    }

    @ParameterizedTest
    @EnumSource
    void isSmall(FuzzTarget target) throws Exception {
        long bytes = 0;
        for (Path input : target.inputs()) {
            bytes += Files.size(input);
        }

        assertThat(bytes).isBetween(1L, MOST_BYTES);
    }

    static Stream<Arguments> inputs() {
        return Arrays.stream(FuzzTarget.values())
                .flatMap(target -> target.inputs().stream().map(input -> Arguments.of(target, input)));
    }
}
