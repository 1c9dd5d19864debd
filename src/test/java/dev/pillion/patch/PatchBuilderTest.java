package dev.pillion.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.patch.PatchBuilder.Before;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchBuilderTest {

    private static final Pointer CONTAINERS = Pointer.of("spec", "containers");
    private static final Pointer ANNOTATIONS = Pointer.of("metadata", "annotations");

    @Test
    void createsAnAbsentListOnceWithAllItsAdditions() {
        // given
        PatchBuilder builder = new PatchBuilder(tree("{spec: {}}"));

        // when
        builder.append(Pointer.of("spec", "volumes"), text("one"));
        builder.append(Pointer.of("spec", "volumes"), text("two"));
        builder.insert(Pointer.of("spec", "volumes"), 0, text("first"));

        // then
        assertThat(builder.build().toJson())
                .isEqualTo(tree("[{op: add, path: /spec/volumes, value: [first, one, two]}]"));
    }

    @Test
    void addsToAnExistingList() {
        // given
        PatchBuilder builder = new PatchBuilder(tree("{spec: {containers: [app]}}"));

        // when
        builder.append(CONTAINERS, text("last"));
        builder.insert(CONTAINERS, 0, text("first"));
        builder.insert(CONTAINERS, 1, text("second"));

        // then
        assertThat(builder.build().toJson()).isEqualTo(tree("""
                - {op: add, path: /spec/containers/-, value: last}
                - {op: add, path: /spec/containers/0, value: first}
                - {op: add, path: /spec/containers/1, value: second}
                """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{} | ABSENT", "{metadata: null} | NULL"})
    void createsAMapAndEveryMapAboveIt(String document, Before metadata) {
        // given
        PatchBuilder builder = new PatchBuilder(tree(document));

        // when
        builder.put(ANNOTATIONS, "a/b", text("one"));
        builder.put(ANNOTATIONS, "c~d", text("two"));
        builder.put(Pointer.of("metadata"), "name", text("web"));

        // then
        assertThat(builder.build().toJson()).isEqualTo(tree("""
                - op: add
                  path: /metadata
                  value:
                    annotations: {a/b: one, c~d: two}
                    name: web
                """));
        assertThat(builder.created()).isEqualTo(Map.of(Pointer.of("metadata"), metadata, ANNOTATIONS, Before.ABSENT));
    }

    @Test
    void escapesTheFieldsThatItSets() {
        // given
        PatchBuilder builder = new PatchBuilder(tree("{metadata: {annotations: {own: value}}}"));

        // when
        builder.put(ANNOTATIONS, "pillion.dev/status", text("one"));
        builder.put(ANNOTATIONS, "own", text("new"));

        // then
        assertThat(builder.build().toJson()).isEqualTo(tree("""
                - {op: add, path: /metadata/annotations/pillion.dev~1status, value: one}
                - {op: add, path: /metadata/annotations/own, value: new}
                """));
    }

    @Test
    void createsAListInAnElementOfAList() {
        // given
        PatchBuilder builder = new PatchBuilder(tree("{spec: {containers: [{name: a}, {name: b, env: null}]}}"));

        // when
        builder.append(CONTAINERS.child(0).child("env"), text("one"));
        builder.append(CONTAINERS.child(1).child("env"), text("two"));

        // then
        assertThat(builder.build().toJson()).isEqualTo(tree("""
                - {op: add, path: /spec/containers/0/env, value: [one]}
                - {op: add, path: /spec/containers/1/env, value: [two]}
                """));
        assertThat(builder.created())
                .isEqualTo(Map.of(
                        CONTAINERS.child(0).child("env"),
                        Before.ABSENT,
                        CONTAINERS.child(1).child("env"),
                        Before.NULL));
    }

    @Test
    void keepsEmptyListsAndMaps() {
        // given
        PatchBuilder builder = new PatchBuilder(tree("{metadata: {annotations: {}}, spec: {containers: []}}"));

        // when
        builder.append(CONTAINERS, text("one"));
        builder.ensureMap(ANNOTATIONS);

        // then
        assertThat(builder.build().toJson()).isEqualTo(tree("[{op: add, path: /spec/containers/-, value: one}]"));
        assertThat(builder.created()).isEmpty();
    }

    @Test
    void createsAnEmptyMap() {
        // given
        PatchBuilder builder = new PatchBuilder(tree("{}"));

        // when
        builder.ensureMap(ANNOTATIONS);

        // then
        assertThat(builder.build().toJson()).isEqualTo(tree("[{op: add, path: /metadata, value: {annotations: {}}}]"));
    }

    @Test
    void isEmptyWithoutAdditions() {
        // given
        PatchBuilder builder = new PatchBuilder(tree("{a: 1}"));

        // then
        assertThat(builder.isEmpty()).isTrue();
        assertThat(builder.build().isEmpty()).isTrue();
        assertThat(builder.build().toJson()).isEqualTo(JsonNodeFactory.instance.arrayNode());
        assertThat(builder.created()).isEmpty();
    }

    @Test
    void addsToAMapThatItHasSet() {
        // given
        PatchBuilder builder = new PatchBuilder(tree("{}"));

        // when
        builder.put(Pointer.root(), "metadata", tree("{labels: {a: b}}"));
        builder.put(Pointer.of("metadata", "labels"), "c", text("d"));

        // then
        assertThat(Documents.patched(builder.build(), tree("{}")))
                .isEqualTo(tree("{metadata: {labels: {a: b, c: d}}}"));
    }

    private static JsonNode text(String text) {
        return TextNode.valueOf(text);
    }

    private static JsonNode tree(String yaml) {
        try {
            return YamlReader.read(yaml).getFirst().tree();
        } catch (YamlException e) {
            throw new AssertionError(e.line() + ": " + e.getMessage(), e);
        }
    }
}
