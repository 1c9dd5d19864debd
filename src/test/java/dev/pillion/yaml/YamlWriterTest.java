package dev.pillion.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class YamlWriterTest {

    @Test
    void writesWhatIsReadBackTheSame() {
        Seeds.each(2_000, random -> {
            // given
            JsonNode tree = RandomTree.map(random, 4);

            // when
            String yaml = YamlWriter.yaml(tree);

            // then
            assertThat(read(yaml)).as(yaml).isEqualTo(tree);
        });
    }

    @Test
    void writesJson() {
        // given
        JsonMapper mapper = JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build();
        Seeds.each(1_000, random -> {
            JsonNode tree = RandomTree.map(random, 4);

            // when
            String json = YamlWriter.json(tree);

            // then
            assertThat(mapper.readTree(json)).as(json).isEqualTo(tree);
        });
    }

    @Test
    void writesJsonThatIsReadBackTheSame() {
        Seeds.each(1_000, random -> {
            // given
            JsonNode tree = RandomTree.map(random, 4);

            // when
            String json = YamlWriter.json(tree);

            // then
            assertThat(read(json)).as(json).isEqualTo(tree);
        });
    }

    /** YAML 1.2 has other words for booleans and numbers than YAML 1.1, which kubectl reads. */
    @Test
    void writesStringsThatAReaderOfYaml12ReadsAsStrings() {
        Seeds.each(1_000, random -> {
            // given
            String name = RandomTree.text(random).replace("\n", " ");
            String text = RandomTree.text(random).replace("\n", " ");
            ObjectNode tree = JsonNodeFactory.instance.objectNode();
            tree.putArray(name).add(text);

            // when
            String yaml = YamlWriter.yaml(tree);

            // then
            assertThat(new Load(LoadSettings.builder().build()).loadFromString(yaml))
                    .as(yaml)
                    .isEqualTo(java.util.Map.of(name, List.of(text)));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0085", "\u2028", "\u2029", "a\u0085b\n", "a\nb\u2028c", "\u2029\na", "a\r\nb\u0085\n\n"})
    void keepsTheLineBreaksThatOnlyYaml11Knows(String text) throws Exception {
        // given
        ObjectNode tree = JsonNodeFactory.instance.objectNode().put("text", text);

        // then
        assertThat(read(YamlWriter.yaml(tree))).isEqualTo(tree);
    }

    @Test
    void isReadable() throws Exception {
        // given
        JsonNode pod = read("""
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "annotations":
                  {"pillion.dev/inject": "logging", "pillion.dev/wait-for": "postgres:5432", "on": "yes"}, "labels": {}},
                 "spec": {"containers": [{"name": "app", "image": "registry.example:5000/app:1.2", "args": ["8080", "--all"],
                  "command": ["sh", "-c", "echo one\\necho two\\n"], "env": [], "ports": [{"containerPort": 8080}],
                  "stdin": true, "workingDir": null}]}}""");

        // then
        assertThat(YamlWriter.yaml(pod)).isEqualTo("""
                apiVersion: v1
                kind: Pod
                metadata:
                  name: web
                  annotations:
                    pillion.dev/inject: logging
                    pillion.dev/wait-for: postgres:5432
                    "on": "yes"
                  labels: {}
                spec:
                  containers:
                  - name: app
                    image: registry.example:5000/app:1.2
                    args:
                    - "8080"
                    - "--all"
                    command:
                    - sh
                    - -c
                    - |
                      echo one
                      echo two
                    env: []
                    ports:
                    - containerPort: 8080
                    stdin: true
                    workingDir: null
                """.replace("    - -c\n", "    - \"-c\"\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yes",
                "No",
                "on",
                "OFF",
                "y",
                "N",
                "true",
                "False",
                "null",
                "Null",
                "~",
                "0644",
                "1e3",
                "0x1F",
                "1_000",
                ".inf",
                "-.INF",
                ".nan",
                "2001-01-01",
                "12:30",
                "-",
                "- x",
                "#",
                "a: b",
                "a #b",
                "<<",
                "=",
                "*a",
                "&a",
                "!a",
                "%a",
                "@a",
                "`a",
                "|",
                ">",
                "[",
                "{",
                " a",
                "a ",
                "?",
                "0o7",
                "+1",
            })
    void quotesStringsThatCouldHaveAnotherType(String text) {
        assertThat(YamlWriter.yaml(JsonNodeFactory.instance.textNode(text))).isEqualTo("\"" + text + "\"\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "logging",
                "/var/log/nginx",
                "nginx:1.29",
                "registry.example:5000/team/app:1.2",
                "a.b.c",
                "some-name",
                "IfNotPresent",
            })
    void leavesPlainTextsPlain(String text) {
        assertThat(YamlWriter.yaml(JsonNodeFactory.instance.textNode(text))).isEqualTo(text + "\n");
    }

    @Test
    void keepsAnnotationNamesOfAnyLength() throws Exception {
        // given
        ObjectNode tree = JsonNodeFactory.instance.objectNode().put("a".repeat(253) + "/" + "b".repeat(63), "value");

        // then
        assertThat(read(YamlWriter.yaml(tree))).isEqualTo(tree);
    }

    @Test
    void writesJsonIndentedAndWithALineBreakAtItsEnd() throws Exception {
        assertThat(YamlWriter.json(read("{a: [1, x]}"))).isEqualTo("""
                {
                  "a" : [ 1, "x" ]
                }
                """);
    }

    private static JsonNode read(String text) throws YamlException {
        List<Document> documents = YamlReader.read(text);
        assertThat(documents).hasSize(1);
        return documents.getFirst().tree();
    }
}
