package dev.pillion.expression;

import static dev.pillion.expression.Sample.COMPILER;
import static dev.pillion.expression.Sample.variables;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailFunctionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fail('no port: ' + pod.metadata.name)",
                "['a'].filter(name, false)[?0].orValue(fail('no port: ' + pod.metadata.name))",
                "size(pod.spec.containers) > 100 ? 'many' : fail('no port: ' + pod.metadata.name)"
            })
    void isTheWholeMessageForTheUser(String source) throws Exception {
        Expression expression = COMPILER.compile(source);

        assertThatThrownBy(() -> expression.evaluate(variables()))
                .isInstanceOf(EvaluationException.class)
                .hasMessage("no port: web");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "['a'][?0].orValue(fail('none'))",
                "optional.of('a').orValue(fail('none'))",
                "size(pod.spec.containers) > 0 ? 'a' : fail('none')"
            })
    void isNotCalledIfThereIsAValue(String source) throws Exception {
        assertThat(COMPILER.compile(source).evaluate(variables()).asText()).isEqualTo("a");
    }

    @Test
    void isSuggestedForAMisspeltName() {
        assertThatThrownBy(() -> COMPILER.compile("fial('none')"))
                .hasMessageContaining("unknown function 'fial'; did you mean 'fail'?");
    }

    @Test
    void aFieldWithinHasIsSuggestedToo() {
        assertThatThrownBy(() -> COMPILER.compile("!has(pod.metdata)"))
                .hasMessageContaining("unknown field 'metdata'; did you mean 'metadata'?");
    }
}
