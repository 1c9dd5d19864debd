package dev.pillion.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.catalog.Policy.Allowances;
import dev.pillion.catalog.Policy.Grant;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PolicyTest {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Nanoseconds of CPU time. A comparison of each name with all others takes several seconds. */
    private static final long SOON = 1_500_000_000;

    @Test
    void copiesNamesWithTheSameHashInLinearTime() {
        Set<String> names = new HashSet<>(namesWithTheSameHash());
        Map<String, JsonNode> values = new HashMap<>();
        names.forEach(name -> values.put(name, TextNode.valueOf(name)));
        long start = THREADS.getCurrentThreadCpuTime();

        Allowances allowances = new Allowances(Optional.of(names), names, false);
        Grant grant = new Grant("logging", values);

        assertThat(THREADS.getCurrentThreadCpuTime() - start).isLessThan(SOON);
        assertThat(allowances.overridable()).contains(names);
        assertThat(allowances.acceptedGuards()).isEqualTo(names);
        assertThat(grant.parameters()).isEqualTo(values);
    }

    @Test
    void doesNotChangeWithTheCollectionsThatItWasMadeOf() {
        Set<String> names = new HashSet<>(List.of("path"));
        Map<String, JsonNode> values = new HashMap<>(Map.of("path", TextNode.valueOf("/srv")));
        Allowances allowances = new Allowances(Optional.of(names), names, false);
        Grant grant = new Grant("logging", values);

        names.clear();
        values.clear();

        assertThat(allowances.overridable()).contains(Set.of("path"));
        assertThat(allowances.acceptedGuards()).containsExactly("path");
        assertThat(grant.parameters()).containsOnlyKeys("path");
    }

    /** 32,768 names: {@code Aa} and {@code BB} have the same hash, and so has every sequence of them of one length. */
    private static List<String> namesWithTheSameHash() {
        List<String> names = List.of("");
        for (int pair = 0; pair < 15; pair++) {
            names = names.stream()
                    .flatMap(name -> Stream.of(name + "Aa", name + "BB"))
                    .toList();
        }
        return names;
    }
}
