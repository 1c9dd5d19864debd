package dev.pillion.expression;

import static dev.pillion.expression.Sample.CONTAINER;
import static dev.pillion.expression.Sample.POD;
import static dev.pillion.expression.Sample.problems;
import static dev.pillion.expression.Sample.render;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A value of the wrong type is found when the profile is loaded, or before it is part of a patch. */
class TemplateTypeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{name: a, args: [b], env: [{name: A, value: c}], limits: {cpu: 1, memory: 64Mi, pods: 1.5}}",
                "{port: 80}",
                "{port: http}",
                "{port: '${params.count}'}",
                "{port: '${params.path}'}",
                "{port: 'p${params.count}'}",
                "{ratio: 1}",
                "{ratio: 1.5}",
                "{ratio: '${1}'}",
                "{ratio: '${1.5}'}",
                "{tty: '${params.count > 1}'}",
                "{limits: {cpu: '${params.count}', memory: '${params.count}Mi', pods: '${1.5}'}}",
                "{limits: '${params.variables}'}",
                "{args: '${params.files}'}",
                "{args: '${dyn(pod).spec.newField.map(x, string(x))}'}",
                "{name: '${dyn(pod).metadata.name}'}",
                "{unknownToThisVersion: {any: ['${params.count}', 1, a]}}",
                "'${app}'",
                "\"${{'name': 'a'}}\"",
            })
    void fits(String template) throws Exception {
        assertThat(problems(template, CONTAINER)).isEmpty();
        assertThat(render(template, CONTAINER).isObject()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // the result of the expression has another type, and string(…) converts it
                "{env: [{name: A, value: '${params.count}'}]} | .env[0].value: must be a string; ${params.count} is an integer; write ${string(params.count)}",
                "{args: ['${params.count}']}                  | .args[0]: must be a string; ${params.count} is an integer; write ${string(params.count)}",
                "{name: '${params.count > 1}'}                | .name: must be a string; ${params.count > 1} is a boolean; write ${string(params.count > 1)}",
                "{name: '${1.5}'}                             | .name: must be a string; ${1.5} is a number; write ${string(1.5)}",
                // and would not
                "{name: '${params.files}'}                    | .name: must be a string; ${params.files} is a list",
                "{tty: '${params.count}'}                     | .tty: must be a boolean; ${params.count} is an integer",
                "{priority: '${params.path}'}                 | .priority: must be an integer; ${params.path} is a string",
                "{ratio: '${params.path}'}                    | .ratio: must be a number; ${params.path} is a string",
                "{args: '${params.path}'}                     | .args: must be a list; ${params.path} is a string",
                "{limits: '${params.path}'}                   | .limits: must be a map; ${params.path} is a string",
                "{port: '${params.files}'}                    | .port: must be an integer or a string; ${params.files} is a list",
                "{port: '${1.5}'}                             | .port: must be an integer or a string; ${1.5} is a number; write ${string(1.5)}",
                "{limits: {cpu: '${true}'}}                   | .limits.cpu: must be a quantity; ${true} is a boolean; write ${string(true)}",
                "'${pod}'                                     | : must be a Container; ${pod} is a Pod",
                // a text around it makes it one
                "{priority: '${params.count}0'}               | .priority: must be an integer; a text with ${…} inside it is always a string",
                "{tty: ' ${true}'}                            | .tty: must be a boolean; a text with ${…} inside it is always a string",
                // and literal values
                "{name: 1}                                    | .name: must be a string, is the number 1",
                "{name: true}                                 | .name: must be a string, is the boolean true",
                "{name: [a]}                                  | .name: must be a string, is a list",
                "{name: {a: b}}                               | .name: must be a string, is a map",
                "{priority: '80'}                             | `.priority: must be an integer, is the string \"80\"`",
                "{priority: 80.0}                             | .priority: must be an integer, is the number 80.0",
                "{tty: 'yes'}                                 | `.tty: must be a boolean, is the string \"yes\"`",
                "{args: a}                                    | `.args: must be a list, is the string \"a\"`",
                "{args: {a: b}}                               | .args: must be a list, is a map",
                "{args: [a, 1]}                               | .args[1]: must be a string, is the number 1",
                "{limits: {cpu: true}}                        | .limits.cpu: must be a quantity, is the boolean true",
                "[]                                           | : must be a Container, is a list",
            })
    void isRejectedAtItsFieldWithASuggestion(String template, String problem) {
        assertThat(problems(template, CONTAINER)).containsExactly("field" + problem);
    }

    @Test
    void isNotQuotedAtFullLength() {
        assertThat(problems("{priority: " + "x".repeat(500) + "}", CONTAINER))
                .containsExactly("field.priority: must be an integer, is the string \"" + "x".repeat(40) + "…\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{name: '${dyn(params.count)}'}                       | ${dyn(params.count)}: must be a string, is the number 3",
                "{priority: '${dyn(params.path)}'}                    | `${dyn(params.path)}: must be an integer, is the string \"/var/$(HOME)\"`",
                "{tty: '${dyn(1)}'}                                   | ${dyn(1)}: must be a boolean, is the number 1",
                "{args: '${dyn(params.path)}'}                        | `${dyn(params.path)}: must be a list, is the string \"/var/$(HOME)\"`",
                "{args: '${dyn(pod).spec.newField}'}                  | ${dyn(pod).spec.newField}: [0] must be a string, is the number 1",
                "{limits: '${dyn(params.files)}'}                     | ${dyn(params.files)}: must be a map, is a list",
                "{limits: \"${dyn({'cpu': true})}\"}                  | ${dyn({'cpu': true})}: .cpu must be a quantity, is the boolean true",
                "{env: \"${[{'name': 'A', 'value': 1}]}\"}            | ${[{'name': 'A', 'value': 1}]}: [0].value must be a string, is the number 1",
                "\"${{'env': dyn([{'name': dyn(1)}])}}\"              | ${{'env': dyn([{'name': dyn(1)}])}}: .env[0].name must be a string, is the number 1",
                "{name: '${null}'}                                    | ${null}: must be a string, is empty",
                "{env: '${dyn(params.count)}'}                        | ${dyn(params.count)}: must be a list, is the number 3",
            })
    void isRejectedWhenItsValueIsKnown(String template, String message) {
        // given
        assertThat(problems(template, CONTAINER)).isEmpty();

        // then
        assertThatThrownBy(() -> render(template, CONTAINER))
                .isInstanceOf(EvaluationException.class)
                .hasMessage(message);
    }

    @Test
    void canBeAnythingInAFieldOfAnyType() {
        assertThat(problems("['${params.count}', '${params.files}', '${pod}']", Scalar.ANY))
                .isEmpty();
        assertThat(problems("'${pod.metadata}'", POD))
                .containsExactly("field: must be a Pod; ${pod.metadata} is a Metadata");
        assertThat(problems("{a: '${params.count}'}", new MapOf(Scalar.STRING)))
                .containsExactly(
                        "field.a: must be a string; ${params.count} is an integer; write ${string(params.count)}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'${[1]}'            | must be a list of strings; ${[1]} is a list of integers",
                "\"${[['a']]}\"      | must be a list of strings; ${[['a']]} is a list of lists",
            })
    void namesTheElementTypeOfAListInTheMessage(String template, String problem) {
        assertThat(problems("{args: " + template + "}", CONTAINER)).containsExactly("field.args: " + problem);
    }
}
