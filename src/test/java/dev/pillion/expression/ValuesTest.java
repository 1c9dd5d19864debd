package dev.pillion.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.yaml.RandomTree;
import dev.pillion.yaml.Seeds;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ValuesTest {

    @Test
    void areConvertedToTheSameJson() {
        Seeds.each(500, random -> {
            // given
            JsonNode json = RandomTree.value(random, 4);

            // when
            JsonNode back = Values.toJson(Values.ofJson(json));

            // then
            assertThat(back).isEqualTo(expected(json));
        });
    }

    @Test
    void areTheTypesThatExpressionsComputeWith() {
        assertThat(Values.ofJson(Sample.tree("7"))).isEqualTo(7L);
        assertThat(Values.ofJson(Sample.tree("9007199254740993"))).isEqualTo(9_007_199_254_740_993L);
        assertThat(Values.ofJson(Sample.tree("7.5"))).isEqualTo(7.5);
        assertThat(Values.ofJson(Sample.tree("true"))).isEqualTo(true);
        assertThat(Values.ofJson(Sample.tree("text"))).isEqualTo("text");
    }

    @Test
    void rejectValuesThatJsonCannotContain() {
        assertThatThrownBy(() -> Values.toJson(Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a value of type Duration cannot be written as JSON; wrap it in string(…)");
        assertThatThrownBy(() -> Values.ofJson(JsonNodeFactory.instance.binaryNode(new byte[1])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not JSON: BINARY");
    }

    /** Integers are 64 bits wide and other numbers 64-bit floating point, as CEL has them; a field that is null is absent. */
    private static JsonNode expected(JsonNode json) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (json.getNodeType()) {
            case NUMBER ->
                json.isIntegralNumber() && json.canConvertToLong()
                        ? nodes.numberNode(json.longValue())
                        : nodes.numberNode(json.doubleValue());
            case ARRAY -> {
                var list = nodes.arrayNode();
                json.forEach(element -> list.add(expected(element)));
                yield list;
            }
            case OBJECT -> {
                ObjectNode map = nodes.objectNode();
                json.properties().stream()
                        .filter(field -> !field.getValue().isNull())
                        .forEach(field -> map.set(field.getKey(), expected(field.getValue())));
                yield map;
            }
            default -> json;
        };
    }
}
