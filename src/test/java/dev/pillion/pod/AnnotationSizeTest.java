package dev.pillion.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnotationSizeTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "\u007f\u0080", "größer", "\u07ff\u0800", "10 €", "\ud83d\ude80 and 漢字"})
    void countsTheBytesOfUtf8(String text) {
        assertThat(AnnotationSize.of(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void addsNamesAndValues() {
        assertThat(AnnotationSize.of(Map.of("a", "12", "bc", "€"))).isEqualTo(3 + 5);
    }
}
