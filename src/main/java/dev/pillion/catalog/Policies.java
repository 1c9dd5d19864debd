package dev.pillion.catalog;

import dev.pillion.expression.FieldPath;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The policies of a catalog, and the requirements of policies that it does not meet. Immutable. */
final class Policies {

    private final List<Policy> all;
    private final PolicyIndex index;
    private final Map<Policy, List<UnmetRequirement>> unmet;
    private final PolicyIndex unmetIndex;
    private final Set<FieldPath> selectedLabels;
    private final boolean pinGenerations;

    Policies(Collection<Policy> policies, Collection<UnmetRequirement> unmet) {
        this.all = policies.stream().sorted(Policy.PRECEDENCE).toList();
        this.index = new PolicyIndex(all);
        this.unmet = unmet.stream().collect(Collectors.groupingBy(UnmetRequirement::policy));
        this.unmetIndex = new PolicyIndex(this.unmet.keySet());
        this.selectedLabels = withUnmet().flatMap(Policy::selectedLabels).collect(Collectors.toSet());
        this.pinGenerations = all.stream()
                .flatMap(policy -> policy.grants().stream())
                .anyMatch(grant -> grant.generation().isPresent());
    }

    /** In the order of their precedence. */
    List<Policy> all() {
        return all;
    }

    /** The policies, and those with unmet requirements, which may be the same. */
    private Stream<Policy> withUnmet() {
        return Stream.concat(all.stream(), unmet.keySet().stream());
    }

    List<UnmetRequirement> unmet() {
        return unmet.values().stream().flatMap(List::stream).toList();
    }

    /** The policies whose selectors match these labels, in the order of their precedence. */
    List<Policy> matching(Map<String, String> namespace, Map<String, String> pod) {
        return index.matching(namespace, pod);
    }

    /** The unmet requirements of policies whose selectors match these labels. */
    List<UnmetRequirement> unmet(Map<String, String> namespace, Map<String, String> pod) {
        return unmet.isEmpty()
                ? List.of()
                : unmetIndex.matching(namespace, pod).stream()
                        .flatMap(policy -> unmet.getOrDefault(policy, List.of()).stream())
                        .toList();
    }

    /** The matching policies, also those with unmet requirements. */
    Stream<Policy> allMatching(Map<String, String> namespace, Map<String, String> pod) {
        return Stream.concat(matching(namespace, pod).stream(), unmetIndex.matching(namespace, pod).stream());
    }

    /** The labels of Pods that selectors read. */
    Set<FieldPath> selectedLabels() {
        return selectedLabels;
    }

    /** Whether a policy pins a generation of a profile. */
    boolean pinGenerations() {
        return pinGenerations;
    }

    Set<Policy> ended(Instant now) {
        return withUnmet().filter(policy -> policy.hasEnded(now)).collect(Collectors.toSet());
    }

    Policies without(Set<Policy> some) {
        return new Policies(
                all.stream().filter(policy -> !some.contains(policy)).toList(),
                unmet().stream().filter(each -> !some.contains(each.policy())).toList());
    }

    /** Whether all policies and unmet requirements are the same. */
    boolean areLike(Policies other) {
        return all.equals(other.all) && unmet.equals(other.unmet);
    }
}
