package dev.pillion.pod;

import static dev.pillion.pod.Manifests.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamespaceTest {

    @Test
    void hasTheLabelWithItsNameIfNothingElseIsKnown() {
        // given
        Namespace namespace = Namespace.named("shop");

        // then
        assertThat(namespace.labels()).isEqualTo(Map.of("kubernetes.io/metadata.name", "shop"));
        assertThat(namespace.toJson()).isEqualTo(tree("""
                        metadata: {name: shop, labels: {kubernetes.io/metadata.name: shop}, annotations: {}}
                        """));
    }

    @Test
    void isReadFromItsManifest() throws Exception {
        // given
        Namespace namespace = Namespace.of(tree("""
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: shop
                  labels: {team: payments}
                  annotations: {pillion.dev/inject: logging}
                """));

        // then
        assertThat(namespace.name()).isEqualTo("shop");
        assertThat(namespace.labels()).isEqualTo(Map.of("team", "payments", "kubernetes.io/metadata.name", "shop"));
        assertThat(namespace.annotations()).isEqualTo(Map.of("pillion.dev/inject", "logging"));
        assertThat(namespace.toJson().at("/metadata/labels/team").textValue()).isEqualTo("payments");
        assertThat(namespace
                        .toJson()
                        .at("/metadata/annotations/pillion.dev~1inject")
                        .textValue())
                .isEqualTo("logging");
    }

    @Test
    void canHaveNeitherLabelsNorAnnotations() throws Exception {
        assertThat(Namespace.of(tree("{metadata: {name: shop, labels: null}}"))).isEqualTo(Namespace.named("shop"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                        | the document must be a map",
                "{metadata: {name: 1}}                     | metadata.name must be a string, is 1; put it in quotes",
                "{metadata: {name: a, labels: {b: true}}}  | metadata.labels['b'] must be a string, is true; put it in quotes",
                "{metadata: {name: a, annotations: []}}    | metadata.annotations must be a map",
            })
    void isRejectedIfItsMetadataIsNotValid(String manifest, String message) {
        assertThatThrownBy(() -> Namespace.of(tree(manifest)))
                .isInstanceOf(MalformedPodException.class)
                .hasMessage(message);
    }
}
