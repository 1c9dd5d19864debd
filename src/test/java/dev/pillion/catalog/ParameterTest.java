package dev.pillion.catalog;

import static dev.pillion.catalog.compile.Profiles.parameter;
import static dev.pillion.catalog.compile.Profiles.rendered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pillion.catalog.parameter.InvalidValueException;
import dev.pillion.catalog.parameter.ParameterType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterTest {

    @Test
    void readsAllFields() {
        // when
        Parameter parameter = parameter("""
                type: port, description: Where it listens., default: 8080, minimum: 1024, maximum: 9999, overridable: false""");

        // then
        assertThat(parameter.type()).isEqualTo(ParameterType.PORT);
        assertThat(parameter.description()).isEqualTo("Where it listens.");
        assertThat(parameter.defaultText()).isEqualTo("8080");
        assertThat(rendered(parameter.defaultValue().orElseThrow()).intValue()).isEqualTo(8080);
        assertThat(parameter.minimum()).contains(1024L);
        assertThat(parameter.maximum()).contains(9999L);
        assertThat(parameter.overridable()).isFalse();
        assertThat(parameter.required()).isFalse();
    }

    @Test
    void readsMinimalFields() {
        // when
        Parameter parameter = parameter("type: string");

        // then
        assertThat(parameter.description()).isEmpty();
        assertThat(parameter.defaultValue()).isEmpty();
        assertThat(parameter.defaultText()).isEmpty();
        assertThat(parameter.required()).isFalse();
        assertThat(parameter.overridable()).isTrue();
        assertThat(parameter.values()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "type: string, default: a              | a                    | `\"a\"`",
                "type: string, default: ''             | ``                   | `\"\"`",
                "type: list, default: [a, b]           | `[\"a\",\"b\"]`      | `[\"a\",\"b\"]`",
                "type: map, default: A=b               | A=b                  | `{\"A\":\"b\"}`",
                "type: path, default: /a/              | /a/                  | `\"/a\"`",
                "type: string, default: '${app.name}'  | ${app.name}          | `\"web\"`",
                "type: string, default: 'x${app.name}' | x${app.name}         | `\"xweb\"`",
                "type: string, default: '$${app}'      | $${app}              | `\"${app}\"`",
            })
    void acceptsAValueOrAnExpressionAsDefault(String fields, String text, String json) {
        // when
        Parameter parameter = parameter(fields);

        // then
        assertThat(parameter.defaultText()).isEqualTo(text == null ? "" : text);
        assertThat(rendered(parameter.defaultValue().orElseThrow(), "{spec: {containers: [{name: web}]}}"))
                .hasToString(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "type: integer, minimum: 3, maximum: 5          | 2       | must be at least 3, is 2",
                "type: integer, minimum: 3, maximum: 5          | 6       | must be at most 5, is 6",
                "type: port, minimum: 1024                      | 80      | must be at least 1024, is 80",
                "type: 'enum', values: [http, tcp]              | htpp    | must be one of http, tcp, is 'htpp'; did you mean 'http'?",
                "type: 'enum', values: [http, tcp]              | udp     | must be one of http, tcp, is 'udp'",
                "type: 'enum', values: [http, tcp]              | HTTP    | must be one of http, tcp, is 'HTTP'; did you mean 'http'?",
                "type: string, pattern: '[a-z]+'                | a1      | must match [a-z]+, is 'a1'",
                "type: string, pattern: '[a-z]+'                | ``      | must match [a-z]+, is ''",
                "type: path, pattern: '/srv/.*'                 | /var    | must match /srv/.*, is '/var'",
                "type: list, pattern: '[a-z]+'                  | a,b,1   | must match [a-z]+, is '1'",
                "type: map, pattern: '[A-Z]+'                   | A=1,b=2 | must match [A-Z]+, is 'b'",
            })
    void rejectsValuesOutsideItsBounds(String fields, String text, String message) {
        assertThatThrownBy(() -> parameter(fields).parse(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "type: integer, minimum: 3, maximum: 5  | 3         | 3",
                "type: integer, minimum: 3, maximum: 5  | 5         | 5",
                "type: integer, maximum: -1             | -1        | -1",
                "type: 'enum', values: [http, tcp]      | tcp       | `\"tcp\"`",
                "type: string, pattern: '[ab]'          | b         | `\"b\"`",
                "type: map, pattern: '[A-Z]+'           | A=no2     | `{\"A\":\"no2\"}`",
                "type: list, pattern: '[a-z]+'          | `a,b`     | `[\"a\",\"b\"]`",
            })
    void acceptsValuesWithinItsBounds(String fields, String text, String json) throws Exception {
        assertThat(parameter(fields).parse(text)).hasToString(json);
        assertThat(parameter(fields).read(parameter(fields).parse(text))).hasToString(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "string   | `a\nb`            | string",
                "string   | `a\tb`            | string",
                "string   | `a\u0000b`        | string",
                "string   | `a\u001b[31m`     | string",
                "string   | `a\u007f`         | string",
                "string   | `a\u0085b`        | string",
                "path     | `/var/\nlog`      | path",
                "path     | `/var/\u0000log`  | path",
                "list     | `[\"a\\nb\"]`     | list",
                "list     | `[\"a\\u0000b\"]` | list",
                "map      | `{\"A\\nB\": \"c\"}` | map",
                "map      | `A\tB=c`          | map",
            })
    void rejectsControlCharacters(String type, String text, String word) {
        assertThatThrownBy(() -> parameter("type: " + type).parse(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("contains a control character or a line break, which a " + word + " cannot contain");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "duration | `1\n0s`",
                "quantity | `1\u00000`",
                "image | `a\u0000b`",
                "enum | `ht\ntp`",
                "endpoints | `a\u0000b:1`"
            })
    void rejectsControlCharactersByItsForm(String type, String text) {
        assertThatThrownBy(() -> parameter("type: " + type + (type.equals("enum") ? ", values: [http]" : ""))
                        .parse(text))
                .isInstanceOf(InvalidValueException.class);
    }

    @Test
    void acceptsLinesInTheValuesOfAMap() throws Exception {
        // given
        Parameter parameter = parameter("type: map");

        // then
        assertThat(parameter.parse("{\"CERT\": \"one\\ntwo\\t\"}").path("CERT").textValue())
                .isEqualTo("one\ntwo\t");
        assertThatThrownBy(() -> parameter.parse("{\"A\": \"b\\u0000\"}"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("contains a NUL character, which no environment variable can contain");
    }

    @Test
    void matchesItsPatternInLinearTime() {
        // given
        Parameter parameter = parameter("type: string, pattern: '(a+)+'");

        // then
        assertThatThrownBy(() -> parameter.parse("a".repeat(10_000) + "!")).isInstanceOf(InvalidValueException.class);
    }
}
