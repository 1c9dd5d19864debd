package dev.pillion.yaml.splice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.Seeds;
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
                "v: |-2/    a/  b/w: 1;                     v: |-2/    a/  b X/w: 1",
                "v: |2/    a/  b/w: 1;                      v: |2-/    a/  b/   X/w: 1",
                "v: |+/  a//w: 1;                           v: |-/  a//   X/w: 1",
                "v: |+ # why/  a/w: 1;                      v: |- # pillion.dev: was |+ # why/  a/   X/w: 1",
                "v: |+2/    a/w: 1;                         v: |-2 # pillion.dev: was |+2/    a/   X/w: 1",
                "v: >+/  a/  b/w: 1;                        v: >- # pillion.dev: was >+/  a/  b/   X/w: 1",
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
        assertThatRoundTrip(text, valueOf(text) + " X", longer);
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
        assertThatRoundTrip(text, valueOf(text) + ": #X", longer);
    }

    /** A change in the middle keeps all other lines and the comment of the header. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "v: >- # why/  a/  b/  c/w: 1;         a X c;     v: >- # why/  a/  X/  c/w: 1",
                "v: >- # why/  a/  b/w: 1;             a X b;     v: >- # why/  a/  X/  b/w: 1",
                "v: >+ # why/  a/  b/  c/w: 1;         a X c/;    v: >+ # why/  a/  X/  c/w: 1",
                "v: >-2 # why/    a/  b/  c/w: 1;      '  a/X c'; v: >-2 # why/    a/  X/  c/w: 1",
                "v: >- # why/  a//  b/  c/w: 1;        X/b c;     v: >- # why/  X//  b/  c/w: 1",
                "v: >- # why/  a/  b/    c/  d/w: 1;   a b/  X/d; v: >- # why/  a/  b/    X/  d/w: 1",
                "v: |- # why/  a/  b/  c/w: 1;         a/X/Y/c;   v: |- # why/  a/  X/  Y/  c/w: 1",
                "v: |+ # why/  a/  b/w: 1;             a/X/;      v: |+ # why/  a/  X/w: 1"
            })
    void keepTheLinesAroundAChange(String text, String value, String other) throws Exception {
        assertThatRoundTrip(text, value.replace('/', '\n'), other);
    }

    /** A note records a form that the value does not show: lines that are joined, escapes, and the base of a number. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "v: >- # why/  a/  b/w: 1;     X;   v: # pillion.dev: was \">- # why\\n  a\\n  b\"/  X/w: 1",
                "v: a/  b # end/w: 1;          X;   v: # pillion.dev: was \"a\\n  b\" # end/  X/w: 1",
                "v: &n 'a/  b' # end/w: 1;     X;   v: # pillion.dev: was \"&n 'a\\n  b'\" # end/  &n X/w: 1",
                "v: \"\\x41\" # end/w: 1;        X;   v: # pillion.dev: was \"\\\"\\\\x41\\\"\" # end/  X/w: 1",
                "v: 'a' # end/w: 1;            X/Y; v: # pillion.dev: was \"'a'\" # end/  \"X\\nY\"/w: 1",
                "v: {x: 1, v: 'a/  b'}/w: 1;   X;   v: {x: 1, v: # pillion.dev: was \"'a\\n  b'\"/  X}/w: 1",
                "v: |- # why/  a/w: 1;         ``;  v: # pillion.dev: was \"|- # why\\n  a\"/  \"\"/w: 1"
            })
    void recordTheirForm(String text, String value, String other) throws Exception {
        assertThatRoundTrip(text, value.replace('/', '\n'), other);
    }

    /** The value of a list's element is further to the right than its key. */
    @Test
    void recordTheirFormInAList() throws Exception {
        String text = "l:\n- v: a\n   b # end\n  name: w\n";

        String other = changed(text, "X");

        assertThat(other).isEqualTo("l:\n- v: # pillion.dev: was \"a\\n   b\" # end\n    X\n  name: w\n");
        assertThat(changed(other, "a b")).isEqualTo(text);
    }

    @Test
    void recordTheBaseOfANumber() throws Exception {
        List<Document> documents = YamlReader.read("v: 0x1E # end\n");
        JsonNode tree = documents.getFirst().tree();
        ObjectNode other = tree.deepCopy();
        other.put("v", 60);

        String text = TextSplicer.splice("v: 0x1E # end\n", documents, Map.of(0, other))
                .text();

        assertThat(text).isEqualTo("v: # pillion.dev: was \"0x1E\" # end\n  60\n");
        assertThat(TextSplicer.splice(text, YamlReader.read(text), Map.of(0, tree))
                        .text())
                .isEqualTo("v: 0x1E # end\n");
    }

    /** Any string in any form becomes any other string and is restored, and no document is printed again. */
    @Test
    void areRestoredFromAnyOtherString() {
        Seeds.each(1_500, random -> {
            String text = "# one\n" + RandomScalar.field(random) + "w: 1 # two\n";
            String value = valueOf(text);
            String other = RandomScalar.changed(random, value);

            String changed = changed(text, other);

            assertThat(changed).as(text).startsWith("# one\nv: ").endsWith("\nw: 1 # two\n");
            assertThat(changed(changed, value)).as(text + "\n====\n" + changed).isEqualTo(text);
        });
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

    private static void assertThatRoundTrip(String form, String other, String otherForm) throws Exception {
        String text = form.replace('/', '\n') + "\n";

        String changed = changed(text, other);

        assertThat(changed).isEqualTo(otherForm.replace('/', '\n') + "\n");
        assertThat(changed(changed, valueOf(form))).isEqualTo(text);
    }

    private static String valueOf(String form) throws Exception {
        return parent(YamlReader.read(form.replace('/', '\n') + "\n").getFirst().tree())
                .path("v")
                .asText();
    }

    /** The map with the field {@code v}: the document, a map in its field {@code v}, or the first element of its list {@code l}. */
    private static ObjectNode parent(JsonNode tree) {
        JsonNode inner = tree.has("l") ? tree.path("l").path(0) : tree.path("v");
        return (ObjectNode) (inner.isObject() ? inner : tree);
    }

    /** The text with another value of the field, without another change of the document's layout. */
    private static String changed(String text, String value) throws Exception {
        List<Document> documents = YamlReader.read(text);
        JsonNode tree = documents.getFirst().tree().deepCopy();
        parent(tree).put("v", value);

        TextSplicer.Spliced spliced = TextSplicer.splice(text, documents, Map.of(0, tree));

        assertThat(spliced.reprinted()).as(text + value).isEmpty();
        assertThat(YamlReader.read(spliced.text()).getFirst().tree()).isEqualTo(tree);
        return spliced.text();
    }
}
