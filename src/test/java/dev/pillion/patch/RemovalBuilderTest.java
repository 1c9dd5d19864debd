package dev.pillion.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemovalBuilderTest {

    private final JsonNode document = json("{'a': [0, 1, 2, 3], 'm': {'x/y': 1, 'z': 'old'}}");
    private final RemovalBuilder removals = new RemovalBuilder(document);

    @Test
    void removesTheLastElementFirstSoThatTheOthersKeepTheirIndices() {
        removals.removeElements(Pointer.of("a"), List.of(0, 2));

        assertThat(removals.document().path("a")).isEqualTo(json("[1, 3]"));
        assertThat(removals.build().toJson())
                .isEqualTo(json("[{'op': 'remove', 'path': '/a/2'}, {'op': 'remove', 'path': '/a/0'}]"));
    }

    @Test
    void removesAndReplacesFields() {
        removals.remove(Pointer.of("m", "x/y"));
        removals.replace(Pointer.of("m", "z"), TextNode.valueOf("new"));

        assertThat(removals.document().path("m")).isEqualTo(json("{'z': 'new'}"));
        assertThat(removals.build().below(Pointer.of("items", "0")).toJson()).isEqualTo(json("""
                [{'op': 'remove', 'path': '/items/0/m/x~1y'}, {'op': 'replace', 'path': '/items/0/m/z', 'value': 'new'}]
                """));
    }

    @Test
    void doesNotChangeTheOriginalDocument() {
        removals.remove(Pointer.of("a"));

        assertThat(document.has("a")).isTrue();
    }

    @Test
    void rejectsAPlaceThatDoesNotExist() {
        assertThatThrownBy(() -> removals.remove(Pointer.of("no", "x"))).hasMessage("nothing at /no/x");
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (Exception e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
