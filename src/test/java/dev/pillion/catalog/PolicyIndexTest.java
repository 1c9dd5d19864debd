package dev.pillion.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.catalog.LabelSelector.DoesNotExist;
import dev.pillion.catalog.LabelSelector.Exists;
import dev.pillion.catalog.LabelSelector.In;
import dev.pillion.catalog.LabelSelector.NotIn;
import dev.pillion.catalog.LabelSelector.Requirement;
import dev.pillion.catalog.Policy.Mode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The index finds the same policies as a search through all policies. */
class PolicyIndexTest {

    private static final List<String> KEYS = List.of("app", "team", "tier", "zone");
    private static final List<String> VALUES = List.of("a", "b", "c");

    @Test
    void findsTheSamePoliciesAsALinearSearch() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<Policy> policies = new ArrayList<>();
            for (int number = 0; number < random.nextInt(40); number++) {
                policies.add(policy("p" + number, random));
            }
            Map<String, String> namespace = labels(random);
            Map<String, String> pod = labels(random);

            assertThat(new PolicyIndex(policies).matching(namespace, pod))
                    .as("seed %d, round %d", seed, round)
                    .containsExactlyElementsOf(policies.stream()
                            .filter(policy -> policy.namespaces().matches(namespace))
                            .filter(policy -> policy.pods().matches(pod))
                            .sorted(Policy.PRECEDENCE)
                            .toList());
        }
    }

    private static Policy policy(String name, Random random) {
        return new Policy(
                name,
                "generation",
                "test",
                List.of(Mode.values()).get(random.nextInt(Mode.values().length)),
                random.nextInt(3),
                selector(random),
                selector(random),
                List.of(),
                List.of(),
                100,
                Optional.empty());
    }

    private static LabelSelector selector(Random random) {
        List<Requirement> requirements = new ArrayList<>();
        for (int number = 0; number < random.nextInt(3); number++) {
            String key = KEYS.get(random.nextInt(KEYS.size()));
            Set<String> values = Set.of(VALUES.get(random.nextInt(2)), "c");
            requirements.add(
                    switch (random.nextInt(4)) {
                        case 0 -> new In(key, values);
                        case 1 -> new NotIn(key, values);
                        case 2 -> new Exists(key);
                        default -> new DoesNotExist(key);
                    });
        }
        return new LabelSelector(requirements);
    }

    private static Map<String, String> labels(Random random) {
        Map<String, String> labels = new HashMap<>();
        for (String key : KEYS) {
            if (random.nextBoolean()) {
                labels.put(key, VALUES.get(random.nextInt(VALUES.size())));
            }
        }
        return labels;
    }
}
