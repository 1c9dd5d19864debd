package dev.pillion.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.pillion.yaml.RandomTree;
import dev.pillion.yaml.Seeds;
import jakarta.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointerTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "spec, /spec",
                "pillion.dev/inject, /pillion.dev~1inject",
                "a~b, /a~0b",
                "~1, /~01",
                "/~, /~1~0",
                "\"\", /",
                "\" \", \"/ \"",
                "0, /0",
                "-, /-",
            })
    void escapesItsSteps(String step, String text) {
        assertThat(Pointer.of(step)).hasToString(text);
    }

    @Test
    void isEmptyForTheWholeDocument() throws Exception {
        // given
        JsonNode document = JsonMapper.builder().build().readTree("{\"a\": 1}");

        // then
        assertThat(Pointer.root()).hasToString("");
        assertThat(Pointer.root().in(document)).isSameAs(document);
    }

    @Test
    void pointsIntoMapsAndLists() throws Exception {
        // given
        JsonNode document =
                JsonMapper.builder().build().readTree("{\"spec\": {\"containers\": [{\"a/b\": {\"0\": \"found\"}}]}}");

        // then
        assertThat(Pointer.of("spec", "containers")
                        .child(0)
                        .child("a/b")
                        .child("0")
                        .in(document)
                        .textValue())
                .isEqualTo("found");
        assertThat(Pointer.of("spec", "containers").child(1).in(document).isMissingNode())
                .isTrue();
        assertThat(Pointer.of("spec", "containers", "-").in(document).isMissingNode())
                .isTrue();
        assertThat(Pointer.of("spec", "a/b").in(document).isMissingNode()).isTrue();
    }

    @Test
    void isBelowAnother() {
        assertThat(Pointer.of("metadata", "a/b").below(Pointer.of("spec", "template")))
                .isEqualTo(Pointer.of("spec", "template", "metadata", "a/b"));
        assertThat(Pointer.of("metadata").below(Pointer.root())).isEqualTo(Pointer.of("metadata"));
    }

    @Test
    void findsEveryFieldLikeOtherImplementations() {
        Seeds.each(500, random -> {
            // given
            String outer = RandomTree.text(random);
            String inner = RandomTree.text(random);
            JsonNode value = RandomTree.value(random, 2);
            JsonNode document = JsonNodeFactory.instance
                    .objectNode()
                    .set(outer, JsonNodeFactory.instance.objectNode().set(inner, value));

            // when
            Pointer pointer = Pointer.of(outer).child(inner);

            // then
            assertThat(pointer.in(document)).isEqualTo(value);
            assertThat(pointer).hasToString("/" + Json.encodePointer(outer) + "/" + Json.encodePointer(inner));
        });
    }
}
