package dev.pillion.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputWidthTest {

    @ParameterizedTest
    @CsvSource({"80, 80", "120, 120", "250, 120", "20, 60", "'', 100", "wide, 100", "0, 100", "99999999999, 100"})
    void isTheWidthOfTheTerminalWithinLimits(String columns, int width) {
        assertThat(OutputWidth.of(Optional.of(columns))).isEqualTo(width);
    }

    @Test
    void isFixedWithoutATerminal() {
        assertThat(OutputWidth.of(Optional.empty())).isEqualTo(100);
    }
}
