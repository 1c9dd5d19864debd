package dev.pillion.expression;

import static dev.pillion.expression.Sample.CONTAINER;
import static dev.pillion.expression.Sample.problems;
import static dev.pillion.expression.Sample.render;
import static dev.pillion.expression.Sample.tree;
import static dev.pillion.expression.Sample.variables;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.yaml.RandomTree;
import dev.pillion.yaml.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "${params.path}                    | `\"/var/$(HOME)\"`",
                "${params.count}                   | 3",
                "${params.count > 2}               | true",
                "${1.5}                            | 1.5",
                "${params.files}                   | `[\"*.log\",\"*.out\"]`",
                "${params.variables}               | `{\"FIRST\":\"one\",\"SECOND\":\"$(FIRST)\"}`",
                "${null}                           | null",
            })
    void takesTheTypeOfAWholeExpression(String text, String json) throws Exception {
        assertThat(render(TextNode.valueOf(text), Scalar.ANY)).hasToString(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a${'b'}c                          | abc",
                "${params.count}/${params.count}   | 3/3",
                "` ${params.count}`                | ` 3`",
                "`${params.count} `                | `3 `",
                "is ${true}                        | is true",
                "${'}'} and ${'{'}                 | } and {",
                "`say \"${\"hi\"}\"`               | `say \"hi\"`",
                "$${params.count}                  | ${params.count}",
                "$${params.count} is ${params.count}| ${params.count} is 3",
                "$$${params.count}                 | $${params.count}",
                "costs 5$, ${params.count}$        | costs 5$, 3$",
            })
    void interpolatesAnExpressionInsideALongerText(String text, String result) throws Exception {
        assertThat(render(TextNode.valueOf(text), Scalar.STRING)).isEqualTo(TextNode.valueOf(result));
    }

    @Test
    void keepsTreesWithoutExpressionsAsTheyAre() {
        Seeds.each(500, random -> {
            // given
            JsonNode tree = RandomTree.map(random, 4);

            // then
            assertThat(render(doubled(tree), Scalar.ANY)).isEqualTo(tree);
        });
    }

    /** The same tree with every literal <code>${</code> escaped for templates. Names must not be escaped. */
    private static JsonNode doubled(JsonNode tree) {
        return switch (tree) {
            case TextNode text -> TextNode.valueOf(text.textValue().replace("${", "$${"));
            case ArrayNode list -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode();
                list.forEach(element -> copy.add(doubled(element)));
                yield copy;
            }
            case ObjectNode map -> {
                map.remove(map.properties().stream()
                        .map(java.util.Map.Entry::getKey)
                        .filter(name -> name.contains("${"))
                        .toList());
                ObjectNode copy = JsonNodeFactory.instance.objectNode();
                map.properties().forEach(field -> copy.set(field.getKey(), doubled(field.getValue())));
                yield copy;
            }
            default -> tree;
        };
    }

    @Test
    void insertsValuesWithoutReadingThemAsTemplates() {
        Seeds.each(200, random -> {
            // given
            String path = RandomTree.text(random);
            ObjectNode params = JsonNodeFactory.instance.objectNode().put("path", path);
            Template template = new TemplateCompiler(Sample.COMPILER, (place, problem) -> {
                        throw new AssertionError(problem);
                    })
                    .compile(tree("{whole: '${params.path}', inside: '<${params.path}>'}"), Scalar.ANY, "field");

            // when
            JsonNode rendered = template.render(Variables.none().with("params", () -> Values.ofJson(params)));

            // then
            assertThat(rendered.path("whole").textValue()).isEqualTo(path);
            assertThat(rendered.path("inside").textValue()).isEqualTo("<" + path + ">");
        });
    }

    @Test
    void leavesOutAFieldIfItsOptionalHasNoValue() throws Exception {
        assertThat(render("{tty: '${pod.spec.?hostNetwork}', name: a}", CONTAINER))
                .isEqualTo(tree("{name: a}"));
        assertThat(render("{tty: '${optional.of(true)}', name: a}", CONTAINER)).isEqualTo(tree("{tty: true, name: a}"));
    }

    @Test
    void leavesOutAnElementIfItsOptionalHasNoValue() throws Exception {
        assertThat(render("[a, '${pod.spec.?hostNetwork}', b]", Scalar.ANY)).isEqualTo(tree("[a, b]"));
    }

    @Test
    void isMissingIfItsOptionalHasNoValue() throws Exception {
        assertThat(render("'${optional.none()}'", Scalar.STRING).isMissingNode())
                .isTrue();
    }

    @Test
    void keepsANullThatWasWrittenAsOne() throws Exception {
        assertThat(render("{name: null, args: [a]}", CONTAINER)).isEqualTo(tree("{name: null, args: [a]}"));
    }

    @Test
    void isRenderedAgainEachTime() throws Exception {
        // given
        Template template = new TemplateCompiler(Sample.COMPILER, (place, problem) -> {})
                .compile(tree("{args: [a], labels: {a: b}}"), Scalar.ANY, "field");

        // when
        ((ArrayNode) template.render(variables()).path("args")).add("changed");
        ((ObjectNode) template.render(variables()).path("labels")).put("a", "changed");

        // then
        assertThat(template.render(variables())).isEqualTo(tree("{args: [a], labels: {a: b}}"));
    }

    @Test
    void seesAVariableThatWasAdded() throws Exception {
        // given
        TemplateCompiler compiler = new TemplateCompiler(Sample.COMPILER, (place, problem) -> {
            throw new AssertionError(problem);
        });
        Template template = compiler.with("target", Scalar.STRING)
                .compile(TextNode.valueOf("wait-for-${target}"), Scalar.STRING, "name");

        // then
        assertThat(template.render(variables().with("target", () -> "db"))).isEqualTo(TextNode.valueOf("wait-for-db"));
    }

    @Test
    void rejectsAnExpressionAsAFieldsName() {
        assertThat(problems("{'${params.path}': a}", Scalar.ANY))
                .containsExactly("field: a field's name cannot be an expression: '${params.path}'");
    }

    @Test
    void reportsAllMistakesWithTheirPlaces() {
        assertThat(problems("{a: [{b: '${pdo}'}, '${1'], c: {d: '${params.paht}'}, e: '${params.path}'}", Scalar.ANY))
                .containsExactly(
                        "field.a[0].b: ${pdo}, column 1: unknown name 'pdo'; did you mean 'pod'?",
                        "field.a[1]: the ${ at column 1 is never closed; a literal ${ is written $${",
                        "field.c.d: ${params.paht}, column 7: unknown field 'paht'; did you mean 'path'?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x${params.files}        | ${params.files} is a list and cannot be part of a text",
                "x${params.variables}    | ${params.variables} is a map and cannot be part of a text",
                "x${pod.metadata}        | ${pod.metadata} is a Metadata and cannot be part of a text",
                "x${pod.metadata.?name}  | ${pod.metadata.?name} is an optional and cannot be part of a text",
            })
    void rejectsListsAndMapsInsideAText(String text, String problem) {
        assertThat(problems("'" + text + "'", Scalar.STRING))
                .containsExactly("field: " + problem + "; only a string, a number or a boolean can");
    }

    @ParameterizedTest
    @CsvSource({"x${null}", "x${dyn(pod).spec.newField}", "x${dyn(pod).spec}"})
    void hasNoValueIfTheValueInsideATextIsNoText(String text) {
        assertThatThrownBy(() -> render(TextNode.valueOf(text), Scalar.STRING))
                .isInstanceOf(EvaluationException.class)
                .hasMessageEndingWith(": a list, a map or nothing cannot be part of a text");
    }

    @Test
    void escapesOnlyInsertedValuesInFieldsThatTheKubeletExpands() throws Exception {
        assertThat(render("""
                                name: "${params.path}"
                                args: ["${params.path}", "--dir=${params.path}", "$(KEPT)", "$(KEPT)/${params.path}"]
                                env:
                                  - {name: "${params.path}", value: "${params.path}"}
                                  - {name: OWN, value: "$(OTHER)"}
                                """, CONTAINER)).isEqualTo(tree("""
                                name: /var/$(HOME)
                                args: [/var/$$(HOME), --dir=/var/$$(HOME), $(KEPT), $(KEPT)//var/$$(HOME)]
                                env:
                                  - {name: /var/$(HOME), value: /var/$$(HOME)}
                                  - {name: OWN, value: $(OTHER)}
                                """));
    }

    @Test
    void escapesForTheKubeletInsideListsAndMapsThatAnExpressionGives() throws Exception {
        // given
        String env = "params.variables.map(name, {'name': name, 'value': params.variables[name], 'other': '$(KEPT)'})";

        // then
        assertThat(render("{env: \"${" + env + "}\", args: \"${['$(A)', '$$(B)', '$', 'c']}\"}", CONTAINER))
                .isEqualTo(tree("""
                        env:
                          - {name: FIRST, value: one, other: $(KEPT)}
                          - {name: SECOND, value: $$(FIRST), other: $(KEPT)}
                        args: [$$(A), $$$$(B), $$, c]
                        """));
        assertThat(render("'${params.variables}'", new MapOf(Scalar.EXPANDED_STRING)))
                .isEqualTo(tree("{FIRST: one, SECOND: $$(FIRST)}"));
        assertThat(render("['${optional.of(params.path)}']", new ListOf(Scalar.EXPANDED_STRING)))
                .isEqualTo(tree("[/var/$$(HOME)]"));
    }
}
