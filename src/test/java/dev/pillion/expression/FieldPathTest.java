package dev.pillion.expression;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldPathTest {

    @ParameterizedTest
    @CsvSource({
        "pod.spec.volumes, pod.spec.volumes, true",
        "pod, pod.spec.volumes, true",
        "pod.spec.volumes, pod, true",
        "pod.spec.volumes.name, pod.spec.volumes, true",
        "pod.spec, pod.metadata, false",
        "pod.spec.volumesFrom, pod.spec.volumes, false",
        "app, pod, false"
    })
    void overlapsFieldsThatContainItAndThatItContains(String one, String other, boolean overlaps) {
        assertThat(FieldPath.of(one).overlaps(FieldPath.of(other))).isEqualTo(overlaps);
    }

    @Test
    void hasAVariableAndItsField() {
        assertThat(FieldPath.of("params.image.tag").variable()).isEqualTo("params");
        assertThat(FieldPath.of("params.image.tag").field()).contains("image");
        assertThat(FieldPath.of("params").field()).isEmpty();
        assertThat(FieldPath.of("params.image")).hasToString("params.image");
    }
}
