package dev.pillion.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {

    /** The values of plain scalars in kubectl (sigs.k8s.io/yaml, goyaml.v2/resolve.go). */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text                           | `\"text\"`",
                "yes                            | true",
                "On                             | true",
                "TRUE                           | true",
                "no                             | false",
                "off                            | false",
                "False                          | false",
                "'yes'                          | `\"yes\"`",
                "`\"yes\"`                      | `\"yes\"`",
                "~                              | null",
                "null                           | null",
                "``                             | null",
                "0                              | 0",
                "-7                             | -7",
                "+7                             | 7",
                "0644                           | 420",
                "0x1F                           | 31",
                "0b11                           | 3",
                "1_000                          | 1000",
                "'0644'                         | `\"0644\"`",
                "!!str 0644                     | `\"0644\"`",
                "08.5                           | 8.5",
                ".5                             | 0.5",
                "2001-01-01                     | `\"2001-01-01\"`",
                "2001-12-14t21:59:43.10-05:00   | `\"2001-12-14t21:59:43.10-05:00\"`",
                "=                              | `\"=\"`",
                "<<                             | `\"<<\"`",
                "1.2.3                          | `\"1.2.3\"`",
                "10.0.0.1                       | `\"10.0.0.1\"`",
                "64Mi                           | `\"64Mi\"`",
                "1e400                          | `\"1e400\"`",
                "-1e99999                       | `\"-1e99999\"`",
                "0xFFFFFFFFFFFFFFFF             | 18446744073709551615",
                "0xFFFFFFFFFFFFFFFFF            | `\"0xFFFFFFFFFFFFFFFFF\"`",
                "0x_F                           | 15",
                "0777                           | 511",
                "0o777                          | 511",
                "08                             | 8",
                "_1                             | `\"_1\"`",
                "-_1                            | -1",
                ".5_                            | `\".5_\"`",
                "! 3                            | `\"3\"`",
                "!!float 3                      | 3",
                "!!null ''                      | null",
                "!!binary aGVsbG8=              | `\"hello\"`",
                "!!binary ''                    | `\"\"`",
                "!!binary /w==                  | `\"�\"`",
                "!!binary aGVsbG8               | error",
                "!!null x                       | error",
                "0o                             | `\"0o\"`",
                "a:b                            | `\"a:b\"`",
                "a#b                            | `\"a#b\"`",
                "$(VAR)                         | `\"$(VAR)\"`",
                "*.log                          | error",
            })
    void readsScalarsAsKubectlDoes(String scalar, String json) throws Exception {
        if (json.equals("error")) {
            assertThatThrownBy(() -> value(scalar)).isInstanceOf(YamlException.class);
        } else {
            assertThat(value(scalar)).hasToString(json);
        }
    }

    /** YAML 1.1 counts to sixty; kubectl does not, or {@code 22:22} in a list of arguments would be 1342. */
    @ParameterizedTest
    @ValueSource(strings = {"1:30", "22:22", "190:20:30", "22:22:22.5"})
    void readsDigitsWithColonsAsText(String scalar) throws Exception {
        assertThat(value(scalar)).hasToString('"' + scalar + '"');
    }

    @ParameterizedTest
    @CsvSource({"0o644, 420", "y, true", "Y, true", "n, false", "N, false"})
    void readsFormsThatDifferFromKubectls(String scalar, String json) throws Exception {
        assertThat(value(scalar)).hasToString(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9007199254740993",
                "9223372036854775807",
                "-9223372036854775808",
                "18446744073709551616",
                "123456789012345678901234567890",
                "0.1",
                "1.10",
                "1.0",
                "-0.0",
                "3.14159265358979323846264338327950288",
                "100000000000000000000.5",
            })
    void keepsTheDigitsOfNumbers(String number) throws Exception {
        assertThat(value(number).isNumber()).isTrue();
        assertThat(value(number)).hasToString(number);
    }

    @ParameterizedTest
    @CsvSource({"1e3, 1000", "1E-3, 0.001", "12e03, 12000", "-1.5e+2, -150", "1e308, 1e308", "1_0e1_0, 1e11"})
    void readsExponents(String number, String same) throws Exception {
        assertThat(value(number).decimalValue()).isEqualByComparingTo(same);
    }

    @ParameterizedTest
    @ValueSource(strings = {".inf", "-.INF", ".nan", "!!float 1e99999"})
    void rejectsANumberThatJsonCannotContain(String scalar) {
        assertThatThrownBy(() -> value(scalar)).isInstanceOf(YamlException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"!!int abc", "!!int ''", "!!float x", "!<tag:yaml.org,2002:int> z", "!!bool maybe"})
    void rejectsATagThatDoesNotFitItsText(String scalar) {
        assertThatThrownBy(() -> value(scalar)).isInstanceOf(YamlException.class);
    }

    /** As {@code convertToJSONableObject} in sigs.k8s.io/yaml names them. */
    @ParameterizedTest
    @CsvSource({
        "on, true",
        "Yes, true",
        "n, false",
        "'\"on\"', on",
        "1, 1",
        "0x10, 16",
        "0o17, 15",
        "1_000, 1000",
        "1.50, 1.5",
        "1e3, 1000",
        "1e10, 1e+10",
        "1e-7, 1e-07",
        "1234567.8, 1.2345678e+06",
        "-0.0, -0",
        ".inf, .inf",
        "-.INF, -.inf",
        "18446744073709551616, 1.8446744e+19",
        "1e400, 1e400",
        "2001-01-01, 2001-01-01",
        "!!binary aGk=, hi",
        "!!str on, on",
    })
    void namesFieldsAsKubectlDoes(String key, String name) throws Exception {
        assertThat(only(key + ": v\n").tree().fieldNames()).toIterable().containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"~", "null", "18446744073709551615", "[a]", "{a: b}"})
    void rejectsKeysThatNameNoField(String key) {
        assertThat(mistake(() -> YamlReader.read("a: 1\n? " + key + "\n: v\n")).line())
                .isEqualTo(2);
    }

    @Test
    void rejectsADuplicateFieldInTwoSpellings() {
        assertThat(mistake(() -> YamlReader.read("on: 1\ntrue: 2\n"))).hasMessage("the field 'true' is defined twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{b: 1, <<: {b: 2, c: 3}}          | {\"b\":2,\"c\":3}",
                "{<<: {b: 2, c: 3}, b: 1}          | {\"b\":1,\"c\":3}",
                "{<<: {b: 1}, <<: {b: 2}}          | {\"b\":2}",
                "{<<: [{b: 1}, {b: 2, c: 3}]}      | {\"b\":1,\"c\":3}",
                "{'<<': {b: 1}}                    | {\"<<\":{\"b\":1}}",
            })
    void givesMergeKeysPrecedenceOverFieldsBeforeThem(String text, String json) throws Exception {
        assertThat(only(text).tree()).hasToString(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a:\t1\n", "a: 1\t# comment\n", "a: 1\t\n", "\"a\"\t: 1\n", "{a:\t1,\tb: [\t]}\t", "!!int\t1"})
    void readsTabsBetweenValues(String text) throws Exception {
        assertThat(only(text).tree()).isNotNull();
    }

    @Test
    void keepsTabsInTexts() throws Exception {
        assertThat(only("a: b\tc\nd: 'e\tf'\ng: \"h\ti\"\nk: |\n  l\tm\n  \tn\n")
                        .tree())
                .isEqualTo(json("{\"a\":\"b\\tc\",\"d\":\"e\\tf\",\"g\":\"h\\ti\",\"k\":\"l\\tm\\n\\tn\\n\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ta: 1\n", "a:\n\tb: 1\n", "a:\n\t- b\n"})
    void rejectsTabsAsIndentation(String text) {
        assertThat(mistake(() -> YamlReader.read(text))).hasMessageContaining("TAB");
    }

    /** kubectl ends the last line before it parses a document. */
    @ParameterizedTest
    @ValueSource(strings = {"a: |\n  x", "a: |+\n  x", "a: >\n  x"})
    void endsTheLastLine(String text) throws Exception {
        assertThat(only(text).tree().path("a").textValue()).isEqualTo("x\n");
    }

    @Test
    void rejectsTheTagsOfAProgrammingLanguage() {
        assertThatThrownBy(() -> value("!!javax.script.ScriptEngineManager [a]"))
                .isInstanceOf(YamlException.class);
    }

    @Test
    void knowsTheLineOfEveryFieldAndElement() throws Exception {
        // when
        Document document = only("""
                # a comment
                metadata:
                  annotations:
                    pillion.dev/inject: logging
                spec:
                  containers:
                    - name: app
                      args: [a,
                        b]
                    -
                      name: >-
                        folded
                """);

        // then
        assertThat(document.line("")).isEqualTo(2);
        assertThat(document.line("metadata")).isEqualTo(2);
        assertThat(document.line("metadata.annotations.pillion.dev/inject")).isEqualTo(4);
        assertThat(document.line("spec.containers")).isEqualTo(6);
        assertThat(document.line("spec.containers[0]")).isEqualTo(7);
        assertThat(document.line("spec.containers[0].name")).isEqualTo(7);
        assertThat(document.line("spec.containers[0].args[0]")).isEqualTo(8);
        assertThat(document.line("spec.containers[0].args[1]")).isEqualTo(9);
        assertThat(document.line("spec.containers[1].name")).isEqualTo(11);
    }

    @Test
    void givesAnAbsentFieldTheLineOfItsMap() throws Exception {
        // when
        Document document = only("""

                spec:
                  sidecars:
                    - name: a
                    - image: b
                """);

        // then
        assertThat(document.line("spec.sidecars[1].name")).isEqualTo(5);
        assertThat(document.line("spec.sidecars[7].name")).isEqualTo(3);
        assertThat(document.line("spec.description")).isEqualTo(2);
        assertThat(document.line("kind")).isEqualTo(2);
    }

    @Test
    void followsAnchorsAndMergeKeys() throws Exception {
        // when
        Document document = only("""
                base: &base {cpu: 1, memory: 2}
                other: &other {memory: 3, pods: 4}
                same: *base
                merged:
                  <<: *base
                  cpu: own
                both:
                  <<: [*base, *other]
                """);

        // then
        assertThat(document.tree()).isEqualTo(json("""
                {"base": {"cpu": 1, "memory": 2}, "other": {"memory": 3, "pods": 4}, "same": {"cpu": 1, "memory": 2},
                 "merged": {"memory": 2, "cpu": "own"}, "both": {"cpu": 1, "memory": 2, "pods": 4}}"""));
        assertThat(document.line("merged.cpu")).isEqualTo(6);
    }

    @Test
    void readsTheSameAnchorAnyNumberOfTimes() throws Exception {
        // given
        StringBuilder text = new StringBuilder("resources: &small {cpu: 1}\nall:\n");
        IntStream.range(0, 500).forEach(index -> text.append("- *small\n"));

        // then
        assertThat(only(text.toString()).tree().path("all")).hasSize(500);
    }

    @Test
    void readsAStreamOfManyDocumentsWithAnchors() throws Exception {
        assertThat(YamlReader.read("---\na: &a {k: v}\nb: *a\n".repeat(200))).hasSize(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spec:\n  name: a\n  image: b\n  name: c\n",
                "{\"spec\": {\"name\": 1,\n\n\n\"name\": 2}}",
            })
    void rejectsADuplicateField(String text) {
        assertThat(mistake(() -> YamlReader.read(text)))
                .hasMessage("the field 'spec.name' is defined twice")
                .extracting(YamlException::line)
                .isEqualTo(4);
    }

    @Test
    void rejectsADuplicateFieldBesideAMergeKey() {
        assertThatThrownBy(() -> YamlReader.read("a: &a {b: 1}\nc: {<<: *a, d: 1, d: 2}"))
                .isInstanceOf(YamlException.class)
                .hasMessage("the field 'c.d' is defined twice");
    }

    @Test
    void leavesEmptyDocumentsOut() throws Exception {
        // when
        List<Document> documents = YamlReader.read("""
                ---
                # nothing here
                ---
                a: 1
                ---
                ---
                b: 2
                ...
                """);

        // then
        assertThat(documents)
                .extracting(document -> document.tree().toString())
                .containsExactly("{\"a\":1}", "{\"b\":2}");
        assertThat(documents.get(1).line("b")).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# only a comment\n", "---\n", "---\n---\n", "null", "~\n"})
    void findsNoDocumentInAnEmptyText(String text) throws Exception {
        assertThat(YamlReader.read(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\ufeffa: 1\n", "a: 1\r\n", "%YAML 1.1\n---\na: 1\n", "a: 1", "{a: 1}", "{\"a\":1}", "? a\n: 1\n"
            })
    void readsAllStyles(String text) throws Exception {
        assertThat(only(text).tree()).isEqualTo(json("{\"a\": 1}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": [1, true, null, -0.5, {\"b\": {}}], \"c\": \"\\u00e9\\n\\t\\\"\\\\\"}",
                "{\n  \"a\" : 1 ,\n  \"b\" :[ ]}",
                "{\n\t\"a\": {\n\t\t\"b\": [\n\t\t\t1\n\t\t]\n\t}\n}",
                "{\"a\":\t1}",
                "[{\"kind\":\"Pod\"}]",
                "{\"emoji\": \"\\ud83d\\ude00\"}",
            })
    void readsJson(String text) throws Exception {
        assertThat(only(text).tree()).hasToString(json(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"url\": \"https:\\/\\/example.com\"}",
                "{\"a\": \"\u007f\"}",
                "{\"a\u2028\": \"b\u0085\"}",
            })
    void readsJsonThatIsNoYaml11(String text) throws Exception {
        assertThat(only(text).tree()).hasToString(json(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1}{\"b\":2}",
                "{\"a\":1}\n{\"b\":2}\n",
                "\ufeff{\"a\":1}\n\n{\"b\":2}\n",
                "{\n\t\"a\":1\n}\n{\n\t\"b\":2\n}",
                "{\"a\":1}\n---\nb: 2\n",
                "a: 1\n---\n{\n\t\"b\": 2\n}\n",
                "{\n\t\"a\": 1\n}\n--- # next\n\n{\n\t\"b\": 2\n}\n---\n",
            })
    void readsJsonDocumentsOneAfterTheOther(String text) throws Exception {
        assertThat(YamlReader.read(text))
                .extracting(document -> document.tree().toString())
                .containsExactly("{\"a\":1}", "{\"b\":2}");
    }

    /** Joined files have marks in the middle. kubectl ignores a mark at the start of each document. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: 1\n---\n\ufeffb: 2\n",
                "\ufeffa: 1\n---\r\n\ufeff# comment\nb: 2\n",
                "---\n\ufeffa: 1\n--- # next\n\n\ufeffb: 2\n---\n\ufeff",
                "{\"a\":1}\n---\n\ufeff{\"b\":2}\n"
            })
    void ignoresAByteOrderMarkAtTheStartOfADocument(String text) throws Exception {
        assertThat(YamlReader.read(text))
                .extracting(document -> document.tree().toString())
                .containsExactly("{\"a\":1}", "{\"b\":2}");
    }

    @Test
    void knowsTheLinesOfJsonDocumentsOneAfterTheOther() throws Exception {
        List<Document> documents = YamlReader.read("{\"a\":\n1}\n\n{\n\"b\":2}\n");

        assertThat(documents).hasSize(2);
        assertThat(documents.get(1).line("")).isEqualTo(4);
        assertThat(documents.get(1).line("b")).isEqualTo(5);
    }

    @Test
    void knowsTheLinesOfJsonAmongYaml() throws Exception {
        List<Document> documents = YamlReader.read("a: 1\n---\n{\n\t\"b\": 2\n}\n---\nc: 3\n");

        assertThat(documents).hasSize(3);
        assertThat(documents.get(1).line("b")).isEqualTo(4);
        assertThat(documents.get(2).line("c")).isEqualTo(7);
    }

    @Test
    void limitsTheNodesOfAllJsonDocumentsTogether() {
        assertThatThrownBy(() -> YamlReader.read("{\"a\":1}\n".repeat(10), 29))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining("more than 29");
    }

    /** kubectl would ignore the rest without a message. */
    @ParameterizedTest
    @ValueSource(strings = {"---\n{\"a\":1}\n{\"b\":2}\n", "a: 1\n...\nb: 2\n", "{\"a\":1}, {\"b\":2}"})
    void rejectsADocumentWithoutASeparator(String text) {
        assertThatThrownBy(() -> YamlReader.read(text)).isInstanceOf(YamlException.class);
    }

    @Test
    void readsHalfOfAnEscapedSurrogatePairAsGoDoes() throws Exception {
        assertThat(only("{\"\\ud83d\\ude00\": \"\\ud83d\"}").tree()).hasToString("{\"😀\":\"\ufffd\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`a: 1\n\tb: 2`         | 2 | TAB",
                "`a:\n  - b\n -c: 1`    | 3 | ",
                "`a: [1,\n2`            | 2 | expected ',' or ']'",
                "`a: 'x\n\n`            | 3 | unexpected end of stream",
                "`a: b: c`              | 1 | mapping values are not allowed here",
                "`a: 1\nb: *missing`    | 2 | found undefined alias missing",
                "`a: 1\n? [b]\n: c`     | 2 | a field's name must be a plain text",
                "`a: \"\\q\"`           | 1 | unknown escape character",
                "`a: @b`                | 1 | found character '@'",
                "`a: 1\n---\nb: [\n---` | 4 | expected the node content",
                "`%YAML 9.0\n---\na: 1` | 1 | incompatible YAML document",
            })
    void namesTheLineOfInvalidYaml(String text, int line, String what) {
        assertThat(mistake(() -> YamlReader.read(text)))
                .hasMessageContaining(what == null ? "" : what)
                .extracting(YamlException::line)
                .isEqualTo(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: \u0001", "a: \u007f", "\u0000", "a: \ufffe", "a: \ud83d"})
    void rejectsCharactersThatYamlDoesNotAllow(String text) {
        assertThatThrownBy(() -> YamlReader.read(text)).isInstanceOf(YamlException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "a: [", "? ", "[[", "{[", "!a "})
    @Timeout(10)
    void rejectsDeepNesting(String opening) {
        assertThatThrownBy(() -> YamlReader.read(opening.repeat(20_000))).isInstanceOf(YamlException.class);
    }

    @Test
    void readsTheNestingOfManifests() throws Exception {
        // given
        String nested = "{\"a\":".repeat(90) + "1" + "}".repeat(90);

        // then
        assertThat(only(nested).tree()).hasToString(nested);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &a [*a]",
                "&a [*a]",
                "a: &a {b: *a}",
                "a: &a {b: {<<: *a}}",
                "a: &a {<<: *a}",
                "a: {<<: &b {<<: {<<: *b}}}",
                "a: &a\n  b: &b [*a]\n  c: *b",
            })
    void rejectsAnAnchorThatContainsItself(String text) {
        assertThatThrownBy(() -> YamlReader.read(text)).isInstanceOf(YamlException.class);
    }

    @Test
    @Timeout(10)
    void rejectsAnchorsThatNestTooDeeply() {
        // given
        StringBuilder text = new StringBuilder("a0: &a0 [x]\n");
        for (int index = 1; index < 10_000; index++) {
            text.append("a%d: &a%d [*a%d]%n".formatted(index, index, index - 1));
        }

        // then
        assertThatThrownBy(() -> YamlReader.read(text.toString()))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining("more than 100 deep");
    }

    /** Each line doubles the one before: thirty short lines would be a thousand million values. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[x, x] | [*N, *N]",
                "{k: v} | {x: *N, y: *N}",
                "[x, x, x, x, x] | [*N, *N, *N, *N, *N, *N, *N, *N]"
            })
    @Timeout(20)
    void rejectsAnchorsThatGrowTooLarge(String seed, String line) {
        // given
        StringBuilder text = new StringBuilder("a0: &a0 " + seed + "\n");
        for (int index = 1; index < 30; index++) {
            text.append("a%d: &a%d %s%n".formatted(index, index, line.replace("N", "a" + (index - 1))));
        }

        // then
        assertThatThrownBy(() -> YamlReader.read(text.toString())).isInstanceOf(YamlException.class);
    }

    @Test
    @Timeout(10)
    void rejectsMergeKeysThatGrowTooLargeOrReadsThemQuickly() throws Exception {
        // given
        StringBuilder text = new StringBuilder("a0: &a0 {k: v}\n");
        for (int index = 1; index < 24; index++) {
            text.append("a%d: &a%d {<<: [*a%d, *a%d]}%n".formatted(index, index, index - 1, index - 1));
        }

        // then
        assertThat(only(text.toString()).tree().at("/a23/k").textValue()).isEqualTo("v");
    }

    @Test
    @Timeout(10)
    void readsALongTextQuickly() throws Exception {
        // given
        String text = "x".repeat(500_000);

        // then
        assertThat(only("a: '" + text + "'").tree().path("a").textValue()).isEqualTo(text);
    }

    private static JsonNode value(String scalar) throws YamlException {
        return only("k: " + scalar).tree().path("k");
    }

    private static Document only(String text) throws YamlException {
        List<Document> documents = YamlReader.read(text);
        assertThat(documents).hasSize(1);
        return documents.getFirst();
    }

    private static YamlException mistake(ThrowingCallable reading) {
        YamlException mistake = catchThrowableOfType(YamlException.class, reading);
        assertThat(mistake).isNotNull();
        return mistake;
    }

    private static JsonNode json(String text) throws Exception {
        return JsonMapper.builder().build().readTree(text);
    }
}
