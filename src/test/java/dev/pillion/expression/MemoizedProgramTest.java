package dev.pillion.expression;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import dev.pillion.yaml.Seeds;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A cached expression has the same results as one that is evaluated for the first time. */
class MemoizedProgramTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final List<String> EXPRESSIONS = List.of(
            "pod.?spec.?user.orValue(7)",
            "pod.spec.?user.orValue(7)",
            "has(pod.spec.user) ? pod.spec.user : -1",
            "pod.?spec.?user.or(pod.?user).orValue(7)",
            "pod.spec.name + pod.name",
            "pod.spec.name.size() > 3 && pod.spec.user > 2",
            "string(dyn(pod.spec.name)) + '!'",
            "[1, 2].exists(pod, pod == 1) || pod.name == ''",
            "pod.?spec.?name",
            "dyn(pod).spec.name.more");

    private static final List<String> TREES = List.of(
            "{}",
            "{\"spec\":null,\"name\":\"a\"}",
            "{\"spec\":{},\"name\":\"a\"}",
            "{\"spec\":{\"user\":3},\"name\":\"abcd\",\"user\":5}",
            "{\"spec\":{\"user\":3,\"name\":\"\"},\"name\":\"abcd\"}",
            "{\"spec\":{\"user\":3.0,\"name\":\"1\"}}",
            "{\"spec\":{\"user\":1,\"name\":\"longer\"},\"name\":\"\"}",
            "{\"spec\":{\"user\":true,\"name\":\"longer\"},\"name\":\"longer\"}",
            "{\"spec\":\"text\",\"name\":\"a\",\"user\":1}",
            "{\"spec\":{\"name\":{\"more\":2}},\"name\":\"a\"}",
            "{\"spec\":{\"name\":\"more\"},\"name\":\"a\"}",
            "{\"spec\":[1],\"name\":\"a\"}");

    @Test
    void givesTheSameResultAsAnEvaluation() {
        ExpressionCompiler compiler = compiler();
        Seeds.each(300, random -> {
            String source = pick(EXPRESSIONS, random);
            Expression experienced = compiler.compile(source);
            for (int times = 0; times < 10; times++) {
                Variables variables = variables(pick(TREES, random));

                assertThat(outcome(experienced, variables))
                        .as("%s", source)
                        .isEqualTo(outcome(compiler().compileCel(source), variables));
            }
        });
    }

    private static ExpressionCompiler compiler() {
        return new ExpressionCompiler(
                new Schema(Map.of(
                        "Pod",
                                Map.of(
                                        "spec", new Struct("Spec"),
                                        "name", Scalar.STRING,
                                        "user", Scalar.INTEGER),
                        "Spec", Map.of("user", Scalar.INTEGER, "name", Scalar.STRING))),
                Map.of("pod", new Struct("Pod")));
    }

    private static Variables variables(String tree) throws Exception {
        JsonNode pod = JSON.readTree(tree);
        return Variables.none().with("pod", () -> Values.ofJson(pod));
    }

    private static String outcome(Expression expression, Variables variables) {
        try {
            JsonNode value = expression.evaluate(variables);
            return value.getNodeType() + " " + value;
        } catch (EvaluationException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static <T> T pick(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
