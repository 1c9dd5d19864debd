package dev.pillion.expression;

import static dev.pillion.expression.Sample.tree;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.expression.Type.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplatePatternTest {

    @ParameterizedTest
    @CsvSource({
        "a, a, true",
        "a, b, false",
        "${params.path}, anything, true",
        "a-${params.path}, a-, true",
        "a-${params.path}, a-b, true",
        "a-${params.path}, b-a-, false",
        "${params.path}-a, b-a, true",
        "${params.path}-a, -a, true",
        "${params.path}-a, a, false",
        "${params.path}-a, b-a-c, false",
        "a${params.path}b${params.path}c, abc, true",
        "a${params.path}b${params.path}c, axbbyc, true",
        "a${params.path}b${params.path}c, axc, false",
        "aba${params.path}aba, aba, false",
        "aba${params.path}aba, abaaba, true"
    })
    void aTextIsItsFixedPartsWithAnythingBetweenThem(String template, String text, boolean expected) {
        assertThat(TemplatePattern.couldBe(compiled(template), text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{name: a}, {name: b}]                | name   | b | true",
                "[{name: a}, {name: b}]                | name   | c | false",
                "[{name: a}, {name: \"x-${params.path}\"}] | name | x-1 | true",
                "[{name: a}, {name: \"x-${params.path}\"}] | name | y-1 | false",
                "\"${[{'name': params.path}]}\"        | name   | c | true",
                "[\"${{'name': params.path}}\"]        | name   | c | true",
                "[{a: {name: b}}]                      | a.name | b | true",
                "[{a: {name: b}}]                      | b.name | b | false",
                "[{a: {name: \"${params.path}\"}}]     | a.name | c | true",
                "[{a: {name: \"${params.path}\"}}]     | b.name | c | false",
                "text                                  | name   | text | false"
            })
    void aListHasTheElementsThatAreWrittenInIt(String template, String field, String text, boolean expected) {
        assertThat(TemplatePattern.couldHaveElement(compiled(template), field, text))
                .isEqualTo(expected);
    }

    @Test
    void aMapHasTheFieldsThatAreWrittenInIt() {
        assertThat(TemplatePattern.couldHaveField(compiled("{a: b}"), "a")).isTrue();
        assertThat(TemplatePattern.couldHaveField(compiled("{a: \"${params.path}\"}"), "a"))
                .isTrue();
        assertThat(TemplatePattern.couldHaveField(compiled("{a: \"${params.path}\"}"), "b"))
                .isFalse();
        assertThat(TemplatePattern.couldHaveField(compiled("${params.variables}"), "b"))
                .isTrue();
        assertThat(TemplatePattern.couldHave(compiled("{a: b}"), "a", "b")).isTrue();
        assertThat(TemplatePattern.couldHave(compiled("{a: b}"), "a", "c")).isFalse();
    }

    private static Template compiled(String yaml) {
        List<String> problems = new ArrayList<>();
        Template template = new TemplateCompiler(Sample.COMPILER, (place, problem) -> problems.add(problem))
                .compile(tree(yaml), Scalar.ANY, "template");
        assertThat(problems).isEmpty();
        return template;
    }
}
