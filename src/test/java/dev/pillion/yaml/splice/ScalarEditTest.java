package dev.pillion.yaml.splice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scalars that get a longer value and then their original value: comments and tags are kept, and the original text is restored. */
class ScalarEditTest {

    /** The value is the field {@code v}. A slash represents a line break. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "v: |-/  a/  b/# end/w: 1;                  v: |-/  a/  b X/# end/w: 1",
                "v: | # why/  a/  b/# end/w: 1;             v: |- # why/  a/  b/   X/# end/w: 1",
                "# one/v: |/  a//  # content/  b// # end/w: 1 # two; # one/v: |-/  a//  # content/  b/   X// # end/w: 1 # two",
                "v: |2-/    a/  b/w: 1;                     v: |2-/    a/  b X/w: 1",
                "v: >- # why/  a/  b/# end/w: 1;            v: >- # why/  a/  b X/# end/w: 1",
                "v: > # why/  a/  b/# end/w: 1;             v: >- # why/  a/  b/   X/# end/w: 1",
                "v: !!str |- # why/  a/  b/w: 1;            v: !!str |- # why/  a/  b X/w: 1",
                "v: &a # why/  |-/  a/  b/w: 1;             v: &a # why/  |-/  a/  b X/w: 1",
                "v: !!str \"a\" # end/w: 1;                 v: !!str \"a X\" # end/w: 1",
                "v: !!str 'a' # end/w: 1;                   v: !!str 'a X' # end/w: 1",
                "v: !!str a # end/w: 1;                     v: !!str a X # end/w: 1",
                "v: !!str 12 # end/w: 1;                    v: !!str 12 X # end/w: 1",
                "v: !!str # why/  \"a\"/w: 1;               v: !!str # why/  \"a X\"/w: 1",
                "v: &a !!str # why/  a/w: 1;                v: &a !!str # why/  a X/w: 1",
                "v: a/  b # end/w: 1;                       v: a/  b X # end/w: 1",
                "v: \"a/  b\" # end/w: 1;                   v: \"a/  b X\" # end/w: 1",
                "v: 'a/  b' # end/w: 1;                     v: 'a/  b X' # end/w: 1"
            })
    void keepCommentsAndTags(String text, String longer) throws Exception {
        assertThatRoundTrip(text, " X", longer);
    }

    /** The value needs quotes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "v: a # end/w: 1;                v: !!str  \"a: #X\" # end/w: 1",
                "v: &n a # end/w: 1;             v: &n !!str  \"a: #X\" # end/w: 1",
                "v: a \"b\" \\c/  d # end/w: 1;  v: !!str  \"a \\\"b\\\" \\\\c/  d: #X\" # end/w: 1",
                "v: !!str a # end/w: 1;          v: !!str   \"a: #X\" # end/w: 1",
                "v: !!str 12 # end/w: 1;         v: !!str   \"12: #X\" # end/w: 1",
                "v: !!str \"a\" # end/w: 1;      v: !!str \"a: #X\" # end/w: 1",
                "v: \"a\" # end/w: 1;            v: \"a: #X\" # end/w: 1"
            })
    void keepTheirQuotes(String text, String longer) throws Exception {
        assertThatRoundTrip(text, ": #X", longer);
    }

    @Test
    void keepWindowsLineBreaks() throws Exception {
        String text = "v: | # why\r\n  a\r\n  b\r\nw: 1\r\n";

        String longer = changed(text, "a\nb\n X");

        assertThat(longer).isEqualTo("v: |- # why\r\n  a\r\n  b\r\n   X\r\nw: 1\r\n");
        assertThat(changed(longer, "a\nb\n")).isEqualTo(text);
    }

    @Test
    void ofALiteralBlockCanBeReplaced() throws Exception {
        assertThat(changed("# one\nv: | # why\n  a\n  b\n# end\nw: 1\n", "a\nc\n\nd\n"))
                .isEqualTo("# one\nv: | # why\n  a\n  c\n\n  d\n# end\nw: 1\n");
    }

    /** The document is printed again then, so the value is right. */
    @ParameterizedTest
    @ValueSource(strings = {"v: >\n  a\n  b\nw: 1\n", "v: |\n  a\n  b\nw: 1\n"})
    void thatCannotBeChangedInPlaceAreStillRight(String text) throws Exception {
        List<Document> documents = YamlReader.read(text);
        JsonNode tree = documents.getFirst().tree().deepCopy();
        ((ObjectNode) tree).put("v", " starts with a blank\nand ends so ");

        String spliced = TextSplicer.splice(text, documents, Map.of(0, tree)).text();

        assertThat(YamlReader.read(spliced).getFirst().tree()).isEqualTo(tree);
    }

    private static void assertThatRoundTrip(String form, String suffix, String longerForm) throws Exception {
        String text = form.replace('/', '\n') + "\n";
        String value = YamlReader.read(text).getFirst().tree().path("v").asText();

        String longer = changed(text, value + suffix);

        assertThat(longer).isEqualTo(longerForm.replace('/', '\n') + "\n");
        assertThat(changed(longer, value)).isEqualTo(text);
    }

    /** The text with another value of the field, without another change of the document's layout. */
    private static String changed(String text, String value) throws Exception {
        List<Document> documents = YamlReader.read(text);
        JsonNode tree = documents.getFirst().tree().deepCopy();
        ((ObjectNode) tree).put("v", value);

        TextSplicer.Spliced spliced = TextSplicer.splice(text, documents, Map.of(0, tree));

        assertThat(spliced.reprinted()).isEmpty();
        assertThat(YamlReader.read(spliced.text()).getFirst().tree()).isEqualTo(tree);
        return spliced.text();
    }
}
