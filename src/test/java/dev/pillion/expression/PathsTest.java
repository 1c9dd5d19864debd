package dev.pillion.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathsTest {

    private final ExpressionCompiler compiler = new ExpressionCompiler(
            new Schema(Map.of(
                    "Pod", Map.of("spec", new Struct("Spec"), "labels", new MapOf(Scalar.STRING)),
                    "Spec", Map.of("user", Scalar.INTEGER, "volumes", new ListOf(new Struct("Volume"))),
                    "Volume", Map.of("name", Scalar.STRING))),
            Map.of("pod", new Struct("Pod")));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    pod.spec.user                                    | pod.spec.user
                    pod.spec.?user.orValue(0)                        | pod.spec.user
                    pod.?spec.?user.orValue(0)                       | pod.spec.user
                    has(pod.spec.user)                               | pod.spec.user
                    pod.spec.volumes[0].name                         | pod.spec.volumes
                    pod.labels['app'] == 'x'                         | pod.labels.app
                    pod.?labels[?'app'].orValue('') == 'x'           | pod.labels.app
                    pod.labels['a' + 'b'] == 'x'                     | pod.labels
                    'app' in pod.labels                              | pod.labels
                    dyn(pod.spec)['us' + 'er']                       | pod.spec
                    dyn(pod.spec)[?'user'].orValue(0)                | pod.spec
                    pod.spec.volumes.exists(v, v.name == 'x')        | pod.spec.volumes
                    dyn(pod).spec.user                               | pod
                    string(pod.spec.user) + 'x'                      | pod.spec.user
                    """)
    void endAtTheLastNamedField(String source, String path) throws Exception {
        assertThat(compiler.compileCel(source).paths()).contains(FieldPath.of(path));
        assertThat(compiler.compileCel(source).paths().stream()
                        .filter(each -> each.variable().equals("pod")))
                .containsExactly(FieldPath.of(path));
    }
}
