package dev.pillion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One object cannot make a list of the API server unreadable. */
class ClusterJsonTest {

    @ParameterizedTest
    @ValueSource(ints = {1_001, 9_990})
    void cutsValuesThatAreNestedVeryDeeply(int depth) {
        assertThat(depthOf(read("[".repeat(depth) + "]".repeat(depth))))
                .isBetween(ClusterJson.MAX_DEPTH - 5, ClusterJson.MAX_DEPTH);
        assertThat(depthOf(read("{\"a\":".repeat(depth) + "1" + "}".repeat(depth))))
                .isBetween(ClusterJson.MAX_DEPTH - 5, ClusterJson.MAX_DEPTH);
    }

    @Test
    void readsWhatComesAfterThem() {
        String deep = "[".repeat(5_000) + "]".repeat(5_000);

        assertThat(read("{\"a\":[" + deep + ",1],\"b\":2}")).isInstanceOf(Map.class);
        assertThat(((Map<?, ?>) read("{\"a\":[" + deep + ",1],\"b\":2}")).get("b"))
                .isEqualTo(2);
        assertThat(((List<?>) ((Map<?, ?>) read("{\"a\":[" + deep + ",1],\"b\":2}")).get("a")).get(1))
                .isEqualTo(1);
    }

    @Test
    void readsAllOthersCompletely() {
        int depth = 150;

        assertThat(depthOf(read("[".repeat(depth) + "]".repeat(depth)))).isEqualTo(depth);
        assertThat(read("{\"" + "x".repeat(60_000) + "\":1}")).isEqualTo(Map.of("x".repeat(60_000), 1));
    }

    /** The field {@code spec.value} of the first of two resources in a list. */
    private static Object read(String value) {
        String resource =
                "{\"apiVersion\":\"a/v1\",\"kind\":\"A\",\"metadata\":{\"name\":\"%s\"},\"spec\":{\"value\":%s}}";
        String list = "{\"apiVersion\":\"a/v1\",\"kind\":\"AList\",\"metadata\":{},\"items\":["
                + resource.formatted("one", value) + "," + resource.formatted("two", "2") + "]}";
        GenericKubernetesResourceList read = Cluster.serialization()
                .unmarshal(
                        new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8)),
                        GenericKubernetesResourceList.class);
        assertThat(read.getItems())
                .extracting(item -> item.getMetadata().getName())
                .containsExactly("one", "two");
        GenericKubernetesResource one = read.getItems().getFirst();
        return ((Map<?, ?>) one.getAdditionalProperties().get("spec")).get("value");
    }

    private static int depthOf(Object value) {
        int depth = 0;
        for (Object each = value; each instanceof List<?> || each instanceof Map<?, ?>; depth++) {
            Iterable<?> children = each instanceof Map<?, ?> map ? map.values() : (List<?>) each;
            each = children.iterator().hasNext() ? children.iterator().next() : "";
        }
        return depth;
    }
}
