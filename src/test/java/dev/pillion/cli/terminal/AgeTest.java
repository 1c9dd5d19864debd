package dev.pillion.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgeTest {

    @ParameterizedTest
    @CsvSource({
        "PT-5S, 0s",
        "PT45S, 45s",
        "PT119S, 119s",
        "PT5M30S, 5m30s",
        "PT5M, 5m",
        "PT179M, 179m",
        "PT3H20M, 3h20m",
        "PT47H59M, 47h",
        "P6DT4H, 6d4h",
        "P7D, 7d",
        "P300D, 300d",
        "P742D, 2y12d",
        "P3000D, 8y"
    })
    void hasTheFormOfKubectl(Duration duration, String text) {
        assertThat(Age.of(duration)).isEqualTo(text);
    }
}
