package dev.pillion.expression;

import static dev.pillion.expression.Sample.COMPILER;
import static dev.pillion.expression.Sample.evaluate;
import static dev.pillion.expression.Sample.tree;
import static dev.pillion.expression.Sample.variables;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.expression.Type.Scalar;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'a' + 'b'                            | a string    | `\"ab\"`",
                "1 + 2                                | an integer  | 3",
                "1.5 * 2.0                            | a number    | 3.0",
                "1 < 2                                | a boolean   | true",
                "[1, 2]                               | a list      | `[1,2]`",
                "{'a': 1}                             | a map       | `{\"a\":1}`",
                "null                                 | any value   | null",
                "pod.metadata                         | a Metadata  | `{\"name\":\"web\",\"labels\":{\"app\":\"web\"}}`",
                "pod.metadata.labels                  | a map       | `{\"app\":\"web\"}`",
                "pod.spec.containers                  | a list      | `[{\"name\":\"app\",\"port\":\"http\"},{\"name\":\"helper\",\"port\":8080}]`",
                "pod.spec.containers[1].port          | any value   | 8080",
                "pod.spec.containers.map(c, c.name)   | a list      | `[\"app\",\"helper\"]`",
                "params.count > 2 ? 'many' : 'few'    | a string    | `\"many\"`",
                "params.variables['FIRST']            | a string    | `\"one\"`",
                "'FIRST' in params.variables          | a boolean   | true",
                "params.files.size()                  | an integer  | 2",
                "size(b'abc') + b'ab'.size()          | an integer  | 5",
                "size('hé😀') + size({'a': 1}) | an integer  | 4",
                "params.path.startsWith('/var')       | a boolean   | true",
                "'a,b'.split(',')                     | a list      | `[\"a\",\"b\"]`",
                "' a '.trim().upperAscii()            | a string    | `\"A\"`",
                "{1: 'a', true: 'b'}                  | a map       | `{\"1\":\"a\",\"true\":\"b\"}`",
                "duration('1h30m').getMinutes()       | an integer  | 90",
            })
    void hasATypeAndAValue(String source, String type, String json) throws Exception {
        // when
        Expression expression = COMPILER.compile(source);

        // then
        assertThat(expression.type()).hasToString(type);
        assertThat(expression.optional()).isFalse();
        assertThat(expression.evaluate(variables())).hasToString(json);
    }

    @Test
    void reachesAFieldThatTheSchemaDoesNotKnowThroughDyn() throws Exception {
        assertThat(evaluate("dyn(pod).spec.newField")).isEqualTo(Values.toJson(List.of(1L, "two", true)));
    }

    @Test
    void treatsAFieldThatIsNullAsAbsent() throws Exception {
        assertThat(evaluate("has(pod.spec.hostNetwork)").booleanValue()).isFalse();
        assertThat(evaluate("pod.spec.?hostNetwork.orValue(true)").booleanValue())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "namespace.metadata.name                   | `\"shop\"`",
                "namespace.metadata.labels['team']         | `\"payments\"`",
                "'team' in namespace.metadata.labels       | true",
                "namespace.metadata.?labels[?'team']       | `\"payments\"`",
            })
    void reachesTheNamespaceThoughCelReservesTheWord(String source, String json) throws Exception {
        assertThat(evaluate(source)).hasToString(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "pod.metadata.?name                   | `\"web\"`",
                "pod.spec.?hostNetwork                | ``",
                "optional.of(3)                       | 3",
                "optional.none()                      | ``",
                "pod.metadata.labels[?'app']          | `\"web\"`",
                "pod.metadata.labels[?'other']        | ``",
                "pod.metadata.?name.optMap(n, n+'!')  | `\"web!\"`",
            })
    void isOptionalIfTheValueCanBeMissing(String source, String json) throws Exception {
        // when
        Expression expression = COMPILER.compile(source);

        // then
        assertThat(expression.optional()).isTrue();
        assertThat(expression.evaluate(variables())).hasToString(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "pod.?spec.?securityContext.?runAsUser                          | 1000",
                "pod.?spec.?securityContext.?runAsUser.orValue(7)               | 1000",
                "pod.?spec.?securityContext.?runAsUser.orValue(7) + 1           | 1001",
                "pod.?spec.?securityContext.?runAsUser.orValue(0) == 1000       | true",
                "app.?env.optMap(e, e.size()).orValue(0)                        | 0",
                "pod.spec.?securityContext.?runAsUser.optMap(u, u + 1)          | 1001",
                "pod.?metadata.?labels[?'app'].orValue('x')                     | `\"web\"`",
                "[?pod.?metadata.?name]                                         | `[\"web\"]`",
                "{?'name': pod.?metadata.?name}                                 | `{\"name\":\"web\"}`",
            })
    void followsAChainOfOptionalFields(String source, String json) throws Exception {
        assertThat(evaluate(source)).hasToString(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "pod.spec.containers[5].name | ${pod.spec.containers[5].name} has no value: Index out of bounds: 5",
                "app.env[0].value            | ${app.env[0].value} has no value: key 'env' is not present in map",
                "app.tty                     | ${app.tty} has no value: key 'tty' is not present in map",
                "int('x')                    | `${int('x')} has no value: For input string: \"x\"`",
                "1 / 0                       | ${1 / 0} has no value: / by zero",
                "9223372036854775807 + 1     | ${9223372036854775807 + 1} has no value: long overflow",
            })
    void reportsWhyItHasNoValue(String source, String message) throws Exception {
        // given
        Expression expression = COMPILER.compile(source);

        // then
        assertThatThrownBy(() -> expression.evaluate(variables()))
                .isInstanceOf(EvaluationException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"duration('1s')", "timestamp('2020-01-01T00:00:00Z')", "b'abc'", "1u", "type(1)"})
    void isRejectedIfAPodCannotContainItsResult(String source) {
        assertThatThrownBy(() -> COMPILER.compile(source))
                .isInstanceOf(ExpressionException.class)
                .hasMessageStartingWith("${" + source + "}: a ")
                .hasMessageContaining("cannot be written to a Pod; wrap it in string(…)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dyn(duration('1s'))", "dyn(b'abc')", "[dyn(1u)]", "{'a': dyn(b'abc')}"})
    void hasNoValueIfJsonCannotContainIt(String source) throws Exception {
        // given
        Expression expression = COMPILER.compile(source);

        // then
        assertThatThrownBy(() -> expression.evaluate(variables()))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("cannot be written as JSON; wrap it in string(…)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0 / 0.0", "-1.0 / 0.0", "0.0 / 0.0", "[double('NaN')]", "1e400"})
    void hasNoValueIfItIsNoFiniteNumber(String source) {
        assertThatThrownBy(() -> evaluate(source))
                .isInstanceOfAny(EvaluationException.class, ExpressionException.class);
    }

    @Test
    void isAConditionIfItIsTrueOrFalse() throws Exception {
        assertThat(COMPILER.condition("params.count == 3").isTrue(variables())).isTrue();
        assertThat(COMPILER.condition("params.count == 4").isTrue(variables())).isFalse();
        assertThat(COMPILER.condition("dyn(pod).spec.newField[2]").isTrue(variables()))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "params.count         | ${params.count} must be a condition (true or false), is an integer",
                "params.path          | ${params.path} must be a condition (true or false), is a string",
                "pod.spec.?hostNetwork| ${pod.spec.?hostNetwork} must be a condition (true or false)",
            })
    void isNoConditionIfItHasAnotherType(String source, String message) {
        assertThatThrownBy(() -> COMPILER.condition(source))
                .isInstanceOf(ExpressionException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void isNoConditionIfItsValueHasAnotherType() throws Exception {
        // given
        Expression condition = COMPILER.condition("dyn(pod).spec.newField[1]");

        // then
        assertThatThrownBy(() -> condition.isTrue(variables()))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("true or false");
    }

    @Test
    @Timeout(10)
    void endsAHugeComprehensionWithAnError() throws Exception {
        // given
        String ten = "[0,1,2,3,4,5,6,7,8,9]";
        Expression expression =
                COMPILER.compile(ten + ".map(a, " + ten + ".map(b, " + ten + ".map(c, " + ten + ".map(d, a))))");

        // then
        assertThatThrownBy(() -> expression.evaluate(variables()))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("Iteration budget exceeded: 10000");
    }

    @Test
    @Timeout(30)
    void endsAnEverGrowingListWithAnError() throws Exception {
        // given
        Expression expression =
                COMPILER.compile("[[1,1,1,1,1,1,1,1,1,1]]" + ".map(a, a + a)".repeat(20) + "[0].size()");

        // then
        assertThatThrownBy(() -> expression.evaluate(variables())).isInstanceOf(EvaluationException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {".map(a, [a, a])", ".map(a, {'x': a, 'y': a})"})
    @Timeout(30)
    void endsAValueThatIsSmallInMemoryAndHugeAsJsonWithAnError(String doubled) throws Exception {
        // given
        Expression expression = COMPILER.compile("[dyn(1)]" + doubled.repeat(30));

        // then
        assertThatThrownBy(() -> expression.evaluate(variables()))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("more than 262144 characters");
    }

    /** Each step is within its own limits, and so is the number of iterations. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "params.files.all(a, !params.files.exists(b, false) || !params.path.matches('(a|b)*c$'))",
                "params.files.all(a, !params.path.matches('(a|b)*c$'))",
                "params.files.all(a, !params.path.contains('aaaaaaaac'))",
                "params.files.all(a, params.path.indexOf('c') < 0)",
                "params.files.all(a, params.path.charAt(1) == 'a')",
                "params.files.all(a, params.path.size() > 1)",
                "params.files.all(a, params.path.substring(100000) != '')",
                "params.files.all(a, !('x' in params.files))",
                "params.files.all(a, params.files != params.variables.map(k, k))",
                "params.files.all(a, params.variables.size() > 1)",
                "params.files.all(a, params.files == params.files.filter(f, true))"
            })
    @Timeout(10)
    void endsManyStepsThatAreLongTogetherWithAnError(String source) throws Exception {
        // given
        List<String> files = new ArrayList<>();
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        for (int index = 0; index < 6_000; index++) {
            files.add("/var/log/" + index);
            map.put("NAME" + index, "x");
        }
        ObjectNode params = JsonNodeFactory.instance.objectNode().put("path", "a".repeat(150_000));
        params.set("files", Values.toJson(files));
        params.set("variables", map);
        Variables variables = Variables.none().with("params", () -> Values.ofJson(params));
        Expression expression = COMPILER.compile(source);

        // then
        assertThatThrownBy(() -> expression.evaluate(variables))
                .isInstanceOf(EvaluationException.class)
                .matches(failure -> ((EvaluationException) failure).tooLarge());
    }

    @Test
    @Timeout(10)
    void endsTheComparisonOfListsThatShareTheirElementsWithAnError() throws Exception {
        Expression expression = COMPILER.compile(
                "[[[1], [1]]]" + ".map(p, [[p[0], p[0]], [p[1], p[1]]])".repeat(26) + ".exists(p, p[0] == p[1])");
        assertThatThrownBy(() -> expression.evaluate(variables())).isInstanceOf(EvaluationException.class);
    }

    @Test
    @Timeout(60)
    void isNotCachedAfterItsLastUse() throws Exception {
        // given
        WeakReference<Expression> reference = new WeakReference<>(COMPILER.compile("'only here' == 'once'"));

        // then
        while (reference.get() != null) {
            System.gc();
            Thread.onSpinWait();
        }
    }

    @Test
    void isCachedWhileItIsInUse() throws Exception {
        // given
        Expression expression = COMPILER.compile("'still' == 'here'");

        // when
        System.gc();

        // then
        assertThat(COMPILER.compile("'still' == 'here'")).isSameAs(expression);
    }

    /** CEL copies the expression before these macros, so 30 of them would have a thousand million steps. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ".optMap(x, x)",
                ".optFlatMap(x, optional.of(x))",
                ". optMap\n(x, x).optFlatMap(y, optional.of(y))"
            })
    @Timeout(10)
    void hasAtMostTwoOptionalMacros(String macro) {
        assertThatThrownBy(() -> COMPILER.compile("optional.of(1)" + macro.repeat(30) + ".hasValue()"))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("times; at most 2 are allowed");
    }

    @Test
    void canHaveTwoOptionalMacros() throws Exception {
        assertThat(evaluate("optional.of(1).optMap(x, x + 1).optFlatMap(y, optional.of(y + 1)).value()"))
                .hasToString("3");
    }

    @Test
    void isShorterWithAnOptionalMacro() {
        assertThatThrownBy(() -> COMPILER.compile("optional.of('" + "a".repeat(2_048) + "').optMap(x, x).hasValue()"))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("with optMap or optFlatMap in it 2048 are allowed");
    }

    /** Reading 1,000 numbers of 128,000 digits took four seconds. */
    @ParameterizedTest
    @ValueSource(strings = {"bool", "double", "duration", "int", "timestamp", "uint"})
    void readsNoValueFromALongText(String type) {
        assertThatThrownBy(() -> evaluate("[" + type + "('" + "1".repeat(257) + "')].size()"))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("a text of 257 characters is converted; at most 256 are allowed");
    }

    @ParameterizedTest
    @CsvSource({
        "bool('true'),true",
        "double('1.5'),1.5",
        "duration('1h') == duration('60m'),true",
        "int('-7'),-7",
        "uint('7') == 7u,true",
        "timestamp('2026-01-01T00:00:00Z').getFullYear(),2026",
        "string(b'ab'),ab",
        "size(bytes('ab')),2"
    })
    void convertsAsCelDoes(String expression, String value) throws Exception {
        assertThat(evaluate(expression).asText()).isEqualTo(value);
    }

    @Test
    void hasAtMost4096Characters() {
        assertThatThrownBy(() -> COMPILER.compile("'" + "a".repeat(4_095) + "'"))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("expression code point size exceeds limit: size: 4097, limit 4096");
    }

    @Test
    void isShortenedInMessages() {
        assertThatThrownBy(() -> COMPILER.compile("'" + "a".repeat(100_000) + "'"))
                .isInstanceOf(ExpressionException.class)
                .message()
                .hasSizeLessThan(500)
                .doesNotContain("column 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{'a': "})
    void isRejectedIfItIsNestedTooDeeply(String opening) {
        // given
        String closing = opening.equals("(") ? ")" : opening.equals("[") ? "]" : "}";
        String source = opening.repeat(500) + "1" + closing.repeat(500);

        // then
        assertThatThrownBy(() -> COMPILER.compile(source))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("recursion limit");
    }

    @Test
    void readsAVariableOnceAndOnlyIfItIsNecessary() throws Exception {
        // given
        AtomicInteger reads = new AtomicInteger();
        Variables variables = Variables.none()
                .with("params", () -> {
                    reads.incrementAndGet();
                    return Values.ofJson(tree("{count: 3}"));
                })
                .with("pod", () -> {
                    throw new AssertionError("nobody needs the Pod");
                });

        // when
        JsonNode sum = COMPILER.compile("params.count + params.count").evaluate(variables);
        COMPILER.compile("params.count").evaluate(variables);

        // then
        assertThat(sum.intValue()).isEqualTo(6);
        assertThat(reads).hasValue(1);
    }

    @Test
    void hasNoValueWithoutItsVariable() throws Exception {
        // given
        Expression path = COMPILER.compile("params.count");
        Expression sum = COMPILER.compile("params.count + 1");

        // then
        assertThatThrownBy(() -> path.evaluate(Variables.none())).isInstanceOf(EvaluationException.class);
        assertThatThrownBy(() -> sum.evaluate(Variables.none())).isInstanceOf(EvaluationException.class);
    }

    @Test
    void readsTheInnermostOfTwoVariablesWithOneName() throws Exception {
        // given
        ExpressionCompiler compiler = COMPILER.with("target", Scalar.STRING);
        Variables outer = variables().with("target", () -> "outer");
        Variables inner = outer.with("target", () -> "inner");

        // then
        Expression target = compiler.compile("target + params.path.substring(0, 4)");
        assertThat(target.evaluate(inner).textValue()).isEqualTo("inner/var");
        assertThat(target.evaluate(outer).textValue()).isEqualTo("outer/var");
    }

    @Test
    void canBeEvaluatedFromManyThreadsAtOnce() throws Exception {
        // given
        Expression expression =
                COMPILER.compile("params.files.map(f, params.path + string(params.count) + f).join(',')");
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            int number = thread;
            tasks.add(() -> {
                for (int time = 0; time < 200; time++) {
                    String path = "/" + number + "/" + time + "/";
                    Variables variables = Variables.none()
                            .with("params", () -> Values.ofJson(tree("{path: " + path + ", count: 1, files: [a, b]}")));
                    assertThat(expression.evaluate(variables).textValue()).isEqualTo(path + "1a," + path + "1b");
                }
                return null;
            });
        }

        // when
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Void>> results = threads.invokeAll(tasks, 20, SECONDS);

            // then
            for (Future<Void> result : results) {
                result.get();
            }
        }
    }
}
