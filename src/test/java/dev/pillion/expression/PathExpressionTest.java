package dev.pillion.expression;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.yaml.Seeds;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A plain path has the same result as with CEL. */
class PathExpressionTest {

    private static final List<String> NAMES = List.of(
            "pod",
            "app",
            "params",
            "metadata",
            "spec",
            "name",
            "labels",
            "containers",
            "hostNetwork",
            "priority",
            "path",
            "count",
            "files",
            "variables",
            "port",
            "ratio",
            "limits",
            "securityContext",
            "runAsUser",
            "unknown");

    @Test
    void givesTheSameResultAsCel() {
        Seeds.each(200, random -> {
            // given
            String source = path(random);
            Variables variables = Variables.none()
                    .with("pod", () -> Values.ofJson(withHoles(Sample.tree(Sample.POD_TEXT), new Random(7))))
                    .with("app", () -> Values.ofJson(Sample.tree("{name: app, port: null, ratio: 1.5}")))
                    .with("params", () -> Values.ofJson(Sample.tree(Sample.PARAMS_TEXT)));

            // then
            assertThat(outcome(() -> Sample.COMPILER.compile(source), variables))
                    .as(source)
                    .isEqualTo(outcome(() -> Sample.COMPILER.compileCel(source), variables));
        });
    }

    private static String path(Random random) {
        List<String> steps = new ArrayList<>();
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            steps.add(NAMES.get(random.nextInt(NAMES.size())));
        }
        if (random.nextInt(4) > 0) {
            steps.set(0, NAMES.get(random.nextInt(3)));
        }
        if (random.nextInt(3) == 0) {
            steps.set(steps.size() - 1, steps.getLast() + " ");
        }
        return String.join(".", steps);
    }

    private static JsonNode withHoles(JsonNode tree, Random random) {
        if (tree instanceof ObjectNode map) {
            Iterator<JsonNode> fields = map.elements();
            while (fields.hasNext()) {
                JsonNode field = fields.next();
                if (random.nextInt(4) == 0) {
                    fields.remove();
                } else {
                    withHoles(field, random);
                }
            }
        }
        return tree;
    }

    private interface Compilation {
        Expression compile() throws ExpressionException;
    }

    private static List<Object> outcome(Compilation compilation, Variables variables) {
        try {
            Expression expression = compilation.compile();
            return List.of(expression.type(), expression.optional(), value(expression, variables));
        } catch (ExpressionException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private static Object value(Expression expression, Variables variables) {
        try {
            return expression.evaluate(variables);
        } catch (EvaluationException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
