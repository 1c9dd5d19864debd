package dev.pillion.catalog;

import dev.pillion.catalog.LabelSelector.Exists;
import dev.pillion.catalog.LabelSelector.In;
import dev.pillion.catalog.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the policies whose selectors match. Each policy is indexed by one label that its selectors require, so the cost of a lookup depends on
 * the number of labels and not on the number of policies.
 */
final class PolicyIndex {

    private final Buckets byNamespace = new Buckets();
    private final Buckets byPod = new Buckets();

    /** Policies that require no label. Each lookup checks them. */
    private final List<Policy> others = new ArrayList<>();

    PolicyIndex(Collection<Policy> policies) {
        for (Policy policy : policies) {
            if (!byNamespace.add(policy, policy.namespaces()) && !byPod.add(policy, policy.pods())) {
                others.add(policy);
            }
        }
    }

    /** The policies whose selectors match, in the order of their precedence. */
    List<Policy> matching(Map<String, String> namespace, Map<String, String> pod) {
        List<Policy> found = new ArrayList<>();
        byNamespace.collect(namespace, found);
        byPod.collect(pod, found);
        found.addAll(others);
        found.removeIf(policy ->
                !policy.namespaces().matches(namespace) || !policy.pods().matches(pod));
        found.sort(Policy.PRECEDENCE);
        return found;
    }

    /** Policies by a label's key and value, or by its key alone. */
    private static final class Buckets {

        private final Map<String, Map<String, List<Policy>>> byValue = new HashMap<>();
        private final Map<String, List<Policy>> byKey = new HashMap<>();

        /** Adds the policy by a label that the selector requires. Returns whether there is such a label. */
        boolean add(Policy policy, LabelSelector selector) {
            Optional<In> in = first(selector, In.class);
            if (in.isPresent()) {
                Map<String, List<Policy>> values =
                        byValue.computeIfAbsent(in.get().key(), key -> new HashMap<>());
                in.get().values().forEach(value -> values.computeIfAbsent(value, key -> new ArrayList<>())
                        .add(policy));
                return true;
            }
            Optional<Exists> exists = first(selector, Exists.class);
            exists.ifPresent(label ->
                    byKey.computeIfAbsent(label.key(), key -> new ArrayList<>()).add(policy));
            return exists.isPresent();
        }

        private static <R extends Requirement> Optional<R> first(LabelSelector selector, Class<R> kind) {
            return selector.requirements().stream()
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .findFirst();
        }

        void collect(Map<String, String> labels, List<Policy> found) {
            if (byValue.isEmpty() && byKey.isEmpty()) {
                return;
            }
            labels.forEach((key, value) -> {
                found.addAll(byValue.getOrDefault(key, Map.of()).getOrDefault(value, List.of()));
                found.addAll(byKey.getOrDefault(key, List.of()));
            });
        }
    }
}
