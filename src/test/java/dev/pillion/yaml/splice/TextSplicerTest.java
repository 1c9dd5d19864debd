package dev.pillion.yaml.splice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlReader;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TextSplicerTest {

    @Test
    void reprintsOnlyTheDocumentThatCannotBeChangedInPlace() throws Exception {
        // given
        String text = "# one\na: 1 # kept\n---\n# two\nb:\n- x\nc: 2 # lost\n---\nd: 3 # kept\n";
        List<Document> documents = YamlReader.read(text);
        JsonNode changed = documents.get(1).tree().deepCopy();
        ((ObjectNode) changed).putArray("b");

        // when
        TextSplicer.Spliced spliced = TextSplicer.splice(text, documents, Map.of(1, changed));

        // then
        assertThat(spliced.text()).isEqualTo("# one\na: 1 # kept\n---\n# two\nb: []\nc: 2\n---\nd: 3 # kept\n");
        assertThat(spliced.reprinted()).containsExactly(Map.entry(1, "a block collection that becomes empty"));
    }

    @Test
    void keepsTheTextWhenNothingChanges() throws Exception {
        String text = "%YAML 1.1\n---\na: 1\n...\n";

        assertThat(TextSplicer.splice(text, YamlReader.read(text), Map.of()).text())
                .isSameAs(text);
    }

    @Test
    void changesOneOfTwoEqualElementsWhereItIs() throws Exception {
        String text = "list:\n- name: a # first\n  b: 1\n- name: a # second\n  b: 1\n";
        List<Document> documents = YamlReader.read(text);
        for (int index = 0; index < 2; index++) {
            JsonNode changed = documents.getFirst().tree().deepCopy();
            ((ObjectNode) changed.path("list").path(index)).put("c", 2);

            String expected = index == 0
                    ? "list:\n- name: a # first\n  b: 1\n  c: 2\n- name: a # second\n  b: 1\n"
                    : "list:\n- name: a # first\n  b: 1\n- name: a # second\n  b: 1\n  c: 2\n";
            assertThat(TextSplicer.splice(text, documents, Map.of(0, changed)).text())
                    .isEqualTo(expected);
        }
    }

    /** Kubernetes rejects equal names, but the text must not change more than the content does. */
    @Test
    void restoresTheElementThatBecomesEqualToAnotherOneWithItsName() throws Exception {
        // given
        String text = "list:\n- &web # first\n  name: web\n- {<<: *web} # second\n";
        List<Document> documents = YamlReader.read(text);
        JsonNode changed = documents.getFirst().tree().deepCopy();
        ((ObjectNode) changed.path("list").path(0)).put("added", true);
        String spliced = TextSplicer.splice(text, documents, Map.of(0, changed)).text();
        List<Document> injected = YamlReader.read(spliced);

        // when
        String restored = TextSplicer.splice(
                        spliced, injected, Map.of(0, documents.getFirst().tree()))
                .text();

        // then
        assertThat(injected.getFirst().tree()).isEqualTo(changed);
        assertThat(restored).isEqualTo(text);
    }

    /** A lookup of the line's start must not read the whole line. */
    @Test
    @Timeout(60)
    void changesManyPlacesOfOneLongLineQuickly() throws Exception {
        // given
        String text = IntStream.range(0, 40_000)
                .mapToObj("{\"name\":\"%d\",\"env\":[]}"::formatted)
                .collect(Collectors.joining(",", "{\"items\":[", "]}"));
        List<Document> documents = YamlReader.read(text);
        JsonNode changed = documents.getFirst().tree().deepCopy();
        changed.path("items")
                .forEach(item ->
                        ((ObjectNode) item).put("added", true).withArray("env").add("a"));

        // when
        TextSplicer.Spliced spliced = TextSplicer.splice(text, documents, Map.of(0, changed));

        // then
        assertThat(spliced.reprinted()).isEmpty();
        assertThat(spliced.text()).startsWith("{\"items\":[{\"name\":\"0\",\"env\":[\"a\"],\"added\":true},{");
    }
}
