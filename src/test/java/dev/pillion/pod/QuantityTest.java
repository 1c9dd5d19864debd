package dev.pillion.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.MathContext;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "1000m, 1",
        "1, 1.0",
        "1Ki, 1024",
        "1024Mi, 1Gi",
        "1e3, 1k",
        "0.5, 500m",
        ".5, 500000u",
        "1E3, 1000",
        "1E, 1e18"
    })
    void isTheSameInAllForms(String one, String other) {
        assertThat(Quantity.same(one, other)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "1M, 1Mi", "1, 1m", "1, one", "one, one"})
    void isDifferentIfTheAmountIsDifferent(String one, String other) {
        assertThat(Quantity.same(one, other)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "1mm", "1 m", "--1", "1e", "1e9999", "Ki"})
    void isEmptyForOtherTexts(String text) {
        assertThat(Quantity.amount(text)).isEqualTo(Optional.empty());
    }

    @Test
    void hasTheSameAmountAsInTheKubernetesClient() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] suffixes = {
            "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e3", "E-2"
        };
        for (int round = 0; round < 2_000; round++) {
            String text = random.nextInt(100_000)
                    + (random.nextBoolean() ? "." + random.nextInt(1_000) : "")
                    + suffixes[random.nextInt(suffixes.length)];

            // The client keeps sixteen digits.
            assertThat(Quantity.amount(text).orElseThrow().round(MathContext.DECIMAL32))
                    .as("%s, seed %d", text, seed)
                    .isEqualByComparingTo(io.fabric8.kubernetes.api.model.Quantity.getAmountInBytes(
                                    new io.fabric8.kubernetes.api.model.Quantity(text))
                            .round(MathContext.DECIMAL32));
        }
    }
}
