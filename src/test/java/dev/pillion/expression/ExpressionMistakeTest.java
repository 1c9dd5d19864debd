package dev.pillion.expression;

import static dev.pillion.expression.Sample.COMPILER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages about misspelt expressions. */
class ExpressionMistakeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "parms.path                       | column 1: unknown name 'parms'; did you mean 'params'?",
                "'a' + pdo.metadata.name          | column 7: unknown name 'pdo'; did you mean 'pod'?",
                "deployment.metadata.name         | column 1: unknown name 'deployment'; known: app, namespace, params, pod",
                "params.paht                      | column 7: unknown field 'paht'; did you mean 'path'?",
                "pod.metdata.name                 | column 4: unknown field 'metdata'; did you mean 'metadata'?",
                "pod.spec.conatiners              | column 9: unknown field 'conatiners'; did you mean 'containers'?",
                "pod.spec.containers[0].prot      | column 23: unknown field 'prot'; did you mean 'port'?",
                "pod.spec.?hostNetwrok            | column 9: unknown field 'hostNetwrok'; did you mean 'hostNetwork'?",
                "app.env[0].vlaue                 | column 11: unknown field 'vlaue'; did you mean 'value'?",
                "params.image                     | column 7: unknown field 'image'; known: count, files, path, variables",
                "pod.spec.containers.map(c, c.nme)| column 29: unknown field 'nme'",
            })
    void namesTheColumnAndTheNearestKnownName(String source, String message) {
        assertThatThrownBy(() -> COMPILER.compile(source))
                .isInstanceOf(ExpressionException.class)
                .hasMessage("${" + source + "}, " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "params.path.startWith('/')  | unknown function 'startWith'; did you mean 'startsWith'?",
                "sizee(params.files)         | unknown function 'sizee'; did you mean 'size'?",
                "params.path.upperAsci()     | unknown function 'upperAsci'; did you mean 'upperAscii'?",
                "params.files.joyn(',')      | unknown function 'joyn'; did you mean 'join'?",
            })
    void namesTheNearestKnownFunction(String source, String message) {
        assertThatThrownBy(() -> COMPILER.compile(source))
                .isInstanceOf(ExpressionException.class)
                .hasMessageStartingWith("${" + source + "}, column ")
                .hasMessageEndingWith(": " + message);
    }

    @Test
    void neverTreatsAnUnknownFunctionAsAVariable() {
        assertThatThrownBy(() -> COMPILER.compile("foo(1)"))
                .isInstanceOf(ExpressionException.class)
                .message()
                .doesNotContain("did you mean 'pod'?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "params.count + 'a'       | column 14: | '+' does not take (int, string)",
                "'a' == 1                 | column 5:  | '==' does not take (string, int)",
                "params.count ? 'a' : 'b' | column 14: | '?:' does not take (int, string, string)",
                "pod + 1                  | column 5:  | '+' does not take (Pod, int)",
                "a b                      | column 3:  | extraneous input 'b'",
                "params.path.             | column 13: | no viable alternative",
            })
    void namesTheColumnOfTheMistake(String source, String column, String what) {
        assertThatThrownBy(() -> COMPILER.compile(source))
                .isInstanceOf(ExpressionException.class)
                .hasMessageStartingWith("${" + source + "}, " + column)
                .hasMessageContaining(what);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   "})
    void saysThatAnEmptyExpressionIsEmpty(String source) {
        assertThatThrownBy(() -> COMPILER.compile(source))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("empty");
    }

    @ParameterizedTest
    @CsvSource({"1 +, mismatched input the end", "(1, missing ')' at the end", "a b, extraneous input 'b'"})
    void listsNoTokensOfTheGrammar(String source, String message) {
        assertThatThrownBy(() -> COMPILER.compile(source)).message().endsWith(": " + message);
    }

    @Test
    void refusesAStructureThatCannotBeBuilt() {
        assertThatThrownBy(() -> COMPILER.compile("EnvVar{name: 'A'}")).isInstanceOf(ExpressionException.class);
    }

    @Test
    void isTheSameForTheSameExpressionAgain() {
        // given
        ExpressionCompiler compiler = COMPILER.with("target", Type.Scalar.STRING);

        // then
        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(() -> compiler.compile("targt")).hasMessageEndingWith("did you mean 'target'?");
        }
        assertThat(compiler.with("other", Type.Scalar.STRING)).isNotSameAs(compiler);
    }
}
