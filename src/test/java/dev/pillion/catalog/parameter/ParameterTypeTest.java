package dev.pillion.catalog.parameter;

import static dev.pillion.catalog.compile.Profiles.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.RandomTree;
import dev.pillion.yaml.Seeds;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ParameterTypeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "string   | `any text, with commas`              | `\"any text, with commas\"`",
                "string   | ` kept `                             | `\" kept \"`",
                "string   | ``                                   | `\"\"`",
                "integer  | 3                                    | 3",
                "integer  | ` -3 `                               | -3",
                "integer  | 9223372036854775807                  | 9223372036854775807",
                "boolean  | true                                 | true",
                "boolean  | ` false `                            | false",
                "port     | 1                                    | 1",
                "port     | 65535                                | 65535",
                "port     | ` 8080 `                             | 8080",
                "path     | /var/log                             | `\"/var/log\"`",
                "path     | /var/log/                            | `\"/var/log\"`",
                "path     | /a b/c.d/...                         | `\"/a b/c.d/...\"`",
                "path     | `/var/log\n`                         | `\"/var/log\"`",
                "duration | 30s                                  | `\"30s\"`",
                "duration | 1h30m                                | `\"1h30m\"`",
                "duration | 1.5h                                 | `\"1.5h\"`",
                "duration | 500ms                                | `\"500ms\"`",
                "duration | 0s                                   | `\"0s\"`",
                "quantity | 100m                                 | `\"100m\"`",
                "quantity | 64Mi                                 | `\"64Mi\"`",
                "quantity | 2                                    | `\"2\"`",
                "quantity | 1.5Gi                                | `\"1.5Gi\"`",
                "quantity | 1e3                                  | `\"1e3\"`",
                "quantity | 12E-3                                | `\"12E-3\"`",
                "quantity | 1E                                   | `\"1E\"`",
                "quantity | 1k                                   | `\"1k\"`",
                "image    | busybox                              | `\"busybox\"`",
                "image    | busybox:1.37                         | `\"busybox:1.37\"`",
                "image    | registry.example/team/my_app:V1.2-x  | `\"registry.example/team/my_app:V1.2-x\"`",
                "image    | localhost:5000/app                   | `\"localhost:5000/app\"`",
                "image    | a/b--c/d__e                          | `\"a/b--c/d__e\"`",
                "image    | app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef | `\"app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"`",
                "enum     | any                                  | `\"any\"`",
                "list     | a                                    | `[\"a\"]`",
                "list     | `a, b ,c`                            | `[\"a\",\"b\",\"c\"]`",
                "list     | `a\n b\r\nc\n`                       | `[\"a\",\"b\",\"c\"]`",
                "list     | `a,,b,`                              | `[\"a\",\"b\"]`",
                "list     | ``                                   | []",
                "list     | `[\"a, b\", \" c\"]`                 | `[\"a, b\",\" c\"]`",
                "map      | A=b                                  | `{\"A\":\"b\"}`",
                "map      | `A=b,C=d`                            | `{\"A\":\"b\",\"C\":\"d\"}`",
                "map      | `A = b , C = d`                      | `{\"A\":\"b\",\"C\":\"d\"}`",
                "map      | `A=b\nC=d\r\n`                       | `{\"A\":\"b\",\"C\":\"d\"}`",
                "map      | A=                                   | `{\"A\":\"\"}`",
                "map      | A=b=c                                | `{\"A\":\"b=c\"}`",
                "map      | `A=one, two and three`               | `{\"A\":\"one, two and three\"}`",
                "map      | `A=1,2,B=3`                          | `{\"A\":\"1,2\",\"B\":\"3\"}`",
                "map      | `A=http://a?b=c`                     | `{\"A\":\"http://a?b=c\"}`",
                "map      | ``                                   | {}",
                "map      | `{\"A\": \"b=c,D=e\"}`               | `{\"A\":\"b=c,D=e\"}`",
            })
    void readsValuesOfAnnotations(String type, String text, String json) throws Exception {
        assertThat(type(type).parse(text == null ? "" : text)).hasToString(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "integer  | many                 | must be an integer such as 3, is 'many'",
                "integer  | 3.0                  | must be an integer such as 3, is '3.0'",
                "integer  | 1_000                | must be an integer such as 3, is '1_000'",
                "integer  | 0x10                 | must be an integer such as 3, is '0x10'",
                "integer  | ``                   | must be an integer such as 3, is ''",
                "integer  | 9223372036854775808  | must be an integer such as 3, is '9223372036854775808'",
                "boolean  | yes                  | must be true or false, is 'yes'",
                "boolean  | True                 | must be true or false, is 'True'",
                "boolean  | 1                    | must be true or false, is '1'",
                "boolean  | ``                   | must be true or false, is ''",
                "port     | 0                    | must be a port from 1 to 65535, is '0'",
                "port     | 65536                | must be a port from 1 to 65535, is '65536'",
                "port     | -1                   | must be a port from 1 to 65535, is '-1'",
                "port     | http                 | must be a port from 1 to 65535, is 'http'",
                "port     | 99999999999999999999 | must be a port from 1 to 65535, is '99999999999999999999'",
                "path     | /                    | must be an absolute path such as /var/log/app, below / and without a colon, is '/'",
                "path     | //                   | must be an absolute path such as /var/log/app, below / and without a colon, is '//'",
                "path     | ``                   | must be an absolute path such as /var/log/app, below / and without a colon, is ''",
                "path     | var/log              | must be an absolute path such as /var/log/app, below / and without a colon, is 'var/log'",
                "path     | ~/log                | must be an absolute path such as /var/log/app, below / and without a colon, is '~/log'",
                "path     | $(DIR)/log           | must be an absolute path such as /var/log/app, below / and without a colon, is '$(DIR)/log'",
                "path     | /var:log             | must be an absolute path such as /var/log/app, below / and without a colon, is '/var:log'",
                "path     | C:\\logs             | must be an absolute path such as /var/log/app, below / and without a colon, is 'C:\\logs'",
                "path     | /var/../etc          | must be a path without //, . and .., is '/var/../etc'",
                "path     | /var/log/..          | must be a path without //, . and .., is '/var/log/..'",
                "path     | /..                  | must be a path without //, . and .., is '/..'",
                "path     | /var/./log           | must be a path without //, . and .., is '/var/./log'",
                "path     | /var//log            | must be a path without //, . and .., is '/var//log'",
                "path     | /var/log//           | must be a path without //, . and .., is '/var/log//'",
                "duration | 30                   | must be a duration such as 30s, 5m or 1h30m, is '30'",
                "duration | 1d                   | must be a duration such as 30s, 5m or 1h30m, is '1d'",
                "duration | -5s                  | must be a duration such as 30s, 5m or 1h30m, is '-5s'",
                "duration | 1h 30m               | must be a duration such as 30s, 5m or 1h30m, is '1h 30m'",
                "duration | soon                 | must be a duration such as 30s, 5m or 1h30m, is 'soon'",
                "duration | ``                   | must be a duration such as 30s, 5m or 1h30m, is ''",
                "quantity | 64Mb                 | must be a quantity such as 100m, 64Mi or 2, is '64Mb'",
                "quantity | 1 Gi                 | must be a quantity such as 100m, 64Mi or 2, is '1 Gi'",
                "quantity | 1K                   | must be a quantity such as 100m, 64Mi or 2, is '1K'",
                "quantity | Mi                   | must be a quantity such as 100m, 64Mi or 2, is 'Mi'",
                "quantity | 1e                   | must be a quantity such as 100m, 64Mi or 2, is '1e'",
                "image    | no image             | must be an image such as registry.example/team/app:1.2, is 'no image'",
                "image    | ``                   | must be an image such as registry.example/team/app:1.2, is ''",
                "image    | team/App             | must be an image such as registry.example/team/app:1.2, is 'team/App'",
                "image    | nginx:               | must be an image such as registry.example/team/app:1.2, is 'nginx:'",
                "image    | nginx:-1             | must be an image such as registry.example/team/app:1.2, is 'nginx:-1'",
                "image    | nginx@sha256:12      | must be an image such as registry.example/team/app:1.2, is 'nginx@sha256:12'",
                "image    | http://a/b           | must be an image such as registry.example/team/app:1.2, is 'http://a/b'",
                "image    | a//b                 | must be an image such as registry.example/team/app:1.2, is 'a//b'",
                "image    | ${params.image}      | must be an image such as registry.example/team/app:1.2, is '${params.image}'",
                "list     | `[1]`                | must contain strings, contains 1; put it in quotes",
                "list     | `[[\"a\"]]`          | `must contain strings, contains [\"a\"]; put it in quotes`",
                "map      | A                    | must be KEY=value pairs, one on each line or separated by commas, or a JSON object; 'A' is not a pair",
                "map      | =b                   | must be KEY=value pairs, one on each line or separated by commas, or a JSON object; '=b' is not a pair",
                "map      | `A=b\nC`             | must be KEY=value pairs, one on each line or separated by commas, or a JSON object; 'C' is not a pair",
                "map      | `A=b,A=c`            | has the key 'A' twice",
                "map      | `{\"A\": 1}`         | must contain strings, contains 1; put it in quotes",
            })
    void rejectsInvalidValuesWithASuggestion(String type, String text, String message) {
        assertThatThrownBy(() -> type(type).parse(text == null ? "" : text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"list | [", "list | `[\"a\"] b`", "map | {", "map | `{\"a\": }`"})
    void rejectsInvalidJson(String type, String text) {
        assertThatThrownBy(() -> type(type).parse(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("begins like JSON, but is not valid JSON: ");
    }

    /** Annotations have up to 256 KiB, and these patterns recurse for each repetition. */
    @ParameterizedTest
    @CsvSource({"image, a/", "duration, 1s", "quantity, 9", "path, a", "integer, 9", "port, 9", "boolean, x", "map, a/"
    })
    void rejectsLongValuesWithAShortMessage(String type, String part) {
        assertThatThrownBy(() -> type(type).parse(part.repeat(100_000)))
                .isInstanceOf(InvalidValueException.class)
                .message()
                .contains(part.repeat(50) + "…".repeat(part.length() - 1))
                .hasSizeLessThan(300);
    }

    @Test
    void hidesTheParserInMessagesAboutJson() {
        assertThatThrownBy(() -> ParameterType.MAP.parse("{"))
                .isInstanceOf(InvalidValueException.class)
                .message()
                .doesNotContain("StreamReadFeature");
    }

    @Test
    void rejectsADuplicateKeyInJson() {
        assertThatThrownBy(() -> ParameterType.MAP.parse("{\"A\": \"b\", \"A\": \"c\"}"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("has the key 'A' twice");
    }

    @ParameterizedTest
    @CsvSource({"1n", "100u"})
    void readsTheSmallestQuantitiesOfKubernetes(String quantity) throws Exception {
        assertThat(ParameterType.QUANTITY.parse(quantity).textValue()).isEqualTo(quantity);
    }

    @ParameterizedTest
    @CsvSource({"99999999999999999999h", "2562048h"})
    void rejectsADurationThatIsTooLong(String duration) {
        assertThatThrownBy(() -> ParameterType.DURATION.parse(duration)).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @CsvSource({"Busybox", "Busybox:1.37"})
    void rejectsAnImageThatTheKubeletRejects(String image) {
        assertThatThrownBy(() -> ParameterType.IMAGE.parse(image)).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "string    | text                 | `\"text\"`",
                "integer   | 3                    | 3",
                "integer   | '3'                  | 3",
                "boolean   | yes                  | true",
                "boolean   | 'true'               | true",
                "port      | 80                   | 80",
                "path      | /var/log/            | `\"/var/log\"`",
                "duration  | 5s                   | `\"5s\"`",
                "quantity  | '2'                  | `\"2\"`",
                "image     | nginx                | `\"nginx\"`",
                "enum      | http                 | `\"http\"`",
                "list      | [a, 'b, c']          | `[\"a\",\"b, c\"]`",
                "list      | a, b                 | `[\"a\",\"b\"]`",
                "list      | []                   | []",
                "map       | {A: b}               | `{\"A\":\"b\"}`",
                "map       | A=b                  | `{\"A\":\"b\"}`",
                "map       | {}                   | {}",
            })
    void readsValuesOfProfiles(String type, String yaml, String json) throws Exception {
        assertThat(type(type).read(tree(yaml))).hasToString(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "string    | 1.10                 | must be a string, is 1.10; put it in quotes",
                "string    | true                 | must be a string, is true; put it in quotes",
                "string    | [a]                  | `must be a string, is [\"a\"]`",
                "enum      | off                  | must be a string, is false; put it in quotes",
                "path      | 5                    | must be a string, is 5; put it in quotes",
                "duration  | 30                   | must be a string, is 30; put it in quotes",
                "quantity  | 2                    | must be a string, is 2; put it in quotes",
                "image     | 1.2                  | must be a string, is 1.2; put it in quotes",
                "integer   | 3.0                  | must be an integer such as 3, is '3.0'",
                "integer   | [3]                  | must be an integer such as 3, is 'a list or map'",
                "port      | {a: b}               | must be a port from 1 to 65535, is 'a list or map'",
                "boolean   | 1                    | must be true or false, is '1'",
                "list      | {a: b}               | `must be a list, is {\"a\":\"b\"}`",
                "list      | 1                    | must be a list, is 1",
                "list      | [1]                  | must contain strings, contains 1; put it in quotes",
                "map       | [a]                  | `must be a map, is [\"a\"]`",
                "map       | {a: 1}               | must contain strings, contains 1; put it in quotes",
            })
    void rejectsInvalidValuesOfProfiles(String type, String yaml, String message) {
        assertThatThrownBy(() -> type(type).read(tree(yaml)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @EnumSource
    void hasANameInProfiles(ParameterType type) {
        assertThat(type.word()).isEqualTo(type.name().toLowerCase(Locale.ROOT));
        assertThat(ParameterType.of(type.word())).contains(type);
        assertThat(ParameterType.words()).contains(type.word());
    }

    /** Any user can write an annotation: its value is read or rejected, and the result is the same if it is read again. */
    @ParameterizedTest
    @EnumSource
    void readsOrRejectsRandomText(ParameterType type) {
        Seeds.each(150, random -> {
            String text = RandomTree.text(random);
            Throwable failure = catchThrowable(() -> {
                JsonNode value = type.parse(text);
                assertThat(type.read(value)).isEqualTo(value);
            });
            assertThat(failure).satisfiesAnyOf(nothing -> assertThat(nothing).isNull(), refused -> assertThat(refused)
                    .isInstanceOf(InvalidValueException.class));

            JsonNode tree = RandomTree.value(random, 3);
            assertThat(catchThrowable(() -> type.read(tree)))
                    .satisfiesAnyOf(nothing -> assertThat(nothing).isNull(), refused -> assertThat(refused)
                            .isInstanceOf(InvalidValueException.class));
        });
    }

    private static ParameterType type(String word) {
        return ParameterType.of(word).orElseThrow();
    }
}
