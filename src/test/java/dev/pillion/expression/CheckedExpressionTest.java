package dev.pillion.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checked expression that was written and read is the same expression. */
class CheckedExpressionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "params.count + 1",
                "params.files.map(file, file + '.gz')",
                "params.files.filter(file, file.endsWith('log')).join(' ')",
                "params.variables.exists(name, name == 'FIRST')",
                "pod.?spec.?securityContext.?runAsUser.orValue(65534)",
                "has(pod.metadata.labels) ? size(pod.metadata.labels) : 0",
                "{'name': params.path, 'list': [1, 2, params.count]}",
                "[?pod.?spec.?hostNetwork, true]",
                "params.path.matches('^/var/.*') && !('x' in params.files)",
                "1.5 < 2.0 && 3u == 3u && b'a' == b'a' && null == null",
                "params.?path.optMap(path, path + '/').orValue('')",
                "params.files.join(',').split(',')[0]"
            })
    void isTheSameExpressionAfterItWasWrittenAndRead(String source) throws Exception {
        Store store = new Store();
        Expression fresh = compiler(store).compile(source);
        Expression read = compiler(store).compile(source);

        assertThat(store.asked).isEqualTo(2);
        assertThat(read.evaluate(Sample.variables())).isEqualTo(fresh.evaluate(Sample.variables()));
        assertThat(read.type()).isEqualTo(fresh.type());
        assertThat(read.optional()).isEqualTo(fresh.optional());
        assertThat(read.paths()).isEqualTo(fresh.paths());
        assertThat(read.testedPaths()).isEqualTo(fresh.testedPaths());
        assertThat(CheckedExpression.write(CheckedExpression.read(store.only())))
                .isEqualTo(store.only());
    }

    /** A variable of a part of a profile can have another type in another part. */
    @Test
    void isStoredByTheTypesOfAddedVariables() throws Exception {
        Store store = new Store();
        ExpressionCompiler compiler = compiler(store);

        compiler.with("each", Scalar.STRING).compile("each + each");
        compiler.with("each", Scalar.INTEGER).compile("each + each");

        assertThat(store.expressions).hasSize(2);
    }

    private static ExpressionCompiler compiler(CheckedExpressions checked) {
        return new ExpressionCompiler(
                Sample.SCHEMA,
                Map.of(
                        "pod",
                        Sample.POD,
                        "namespace",
                        new Struct("Namespace"),
                        "app",
                        Sample.CONTAINER,
                        "params",
                        new Struct("Params")),
                checked);
    }

    private static final class Store implements CheckedExpressions {

        private final Map<String, byte[]> expressions = new HashMap<>();
        private int asked;

        @Override
        public Optional<byte[]> find(String key) {
            asked++;
            return Optional.ofNullable(expressions.get(key));
        }

        @Override
        public void checked(String key, Supplier<byte[]> expression) {
            assertThat(expressions.put(key, expression.get())).isNull();
        }

        byte[] only() {
            List<byte[]> all = new ArrayList<>(expressions.values());
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }
}
