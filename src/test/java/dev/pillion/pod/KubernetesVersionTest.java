package dev.pillion.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesVersionTest {

    @ParameterizedTest
    @CsvSource({"1.28, false", "v1.28.15, false", "1.29, true", "v1.33.5-gke.100, true", "1.30+, true"})
    void sidecarsAreNativeSince129(String text, boolean expected) {
        assertThat(KubernetesVersion.parse(text).orElseThrow().hasNativeSidecars())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "latest", "1.x", "1.29beta", "v2.0.0", "one.two", "1.2.3\n4"})
    void rejectsOtherTexts(String text) {
        assertThat(KubernetesVersion.parse(text)).isEmpty();
    }

    @Test
    void isWrittenWithMajorAndMinor() {
        assertThat(KubernetesVersion.parse("v1.34.2").orElseThrow()).hasToString("1.34");
    }
}
