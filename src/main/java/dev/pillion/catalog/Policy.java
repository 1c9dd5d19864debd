package dev.pillion.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Expression;
import dev.pillion.expression.FieldPath;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A compiled policy: the Pods that it selects, and the profiles that they must get, get by default, can request, or are audited for.
 *
 * @param generation a hash of its content
 * @param source the file or resource, as the user knows it
 * @param priority if two policies contradict each other about one profile, the higher one wins
 * @param percentage of workloads, 0 to 100, that the policy applies to
 * @param until the time from which the policy no longer applies; empty if it applies without end
 */
public record Policy(
        String name,
        String generation,
        String source,
        Mode mode,
        int priority,
        LabelSelector namespaces,
        LabelSelector pods,
        List<MatchCondition> matchConditions,
        List<Grant> grants,
        int percentage,
        Optional<Instant> until) {

    /** The policy that wins is first: by mode, with Enforce first, then by higher priority, then by name. */
    public static final Comparator<Policy> PRECEDENCE = Comparator.comparing(Policy::mode)
            .thenComparing(Comparator.comparingInt(Policy::priority).reversed())
            .thenComparing(Policy::name);

    /** The fields that identify the workload of a Pod, of which a percentage is chosen ({@link dev.pillion.pod.Owner}). */
    static final Set<FieldPath> WORKLOAD_FIELDS = Stream.of("name", "generateName", "labels", "ownerReferences")
            .map(field -> FieldPath.of("pod.metadata." + field))
            .collect(Collectors.toUnmodifiableSet());

    /** The names of the Pod's host, which must differ from the hosts that an enforced companion connects to. */
    private static final Set<FieldPath> HOST_FIELDS =
            Set.of(FieldPath.of("pod.metadata.name"), FieldPath.of("pod.spec.hostname"));

    public Policy {
        matchConditions = List.copyOf(matchConditions);
        grants = List.copyOf(grants);
    }

    /** The same policy in another mode. */
    public Policy in(Mode other) {
        return new Policy(
                name,
                generation,
                source,
                other,
                priority,
                namespaces,
                pods,
                matchConditions,
                grants,
                percentage,
                until);
    }

    /** Whether the policy no longer applies at this time. */
    public boolean hasEnded(Instant now) {
        return until.isPresent() && !now.isBefore(until.get());
    }

    /** A policy of this name for other Pods, without grants. */
    public Policy withoutGrants(Mode other, LabelSelector namespaceSelector, LabelSelector podSelector, int share) {
        return new Policy(
                name,
                generation,
                source,
                other,
                priority,
                namespaceSelector,
                podSelector,
                matchConditions,
                List.of(),
                share,
                until);
    }

    /** The labels of a Pod that the selector reads. */
    Stream<FieldPath> selectedLabels() {
        return pods.requirements().stream()
                .map(label -> new FieldPath(List.of("pod", "metadata", "labels", label.key())));
    }

    /**
     * The fields of a Pod that decide whether the policy applies, beside selectors, and those that the check of an enforced profile compares. The
     * fields that the granted profiles read are not included.
     */
    Stream<FieldPath> fieldsRead() {
        return Stream.of(
                        matchConditions.stream().flatMap(each -> each.condition().paths().stream()),
                        percentage < 100 ? WORKLOAD_FIELDS.stream() : Stream.<FieldPath>empty(),
                        mode == Mode.ENFORCE ? HOST_FIELDS.stream() : Stream.<FieldPath>empty())
                .flatMap(each -> each);
    }

    /** What a policy does with its profiles, in the order of precedence. */
    public enum Mode {
        /** Injects. The Pod cannot opt out. */
        ENFORCE,
        /** Injects unless the Pod opts out. */
        DEFAULT,
        /** Lets Pods request restricted profiles. */
        PERMIT,
        /** Injects nothing, and reports what it would inject. */
        AUDIT;

        /** Whether a Pod cannot change the parameters that the policy sets. */
        public boolean locks() {
            return this == ENFORCE || this == PERMIT;
        }

        /** The mode as policies write it. */
        @Override
        public String toString() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }
    }

    /** A condition in CEL over {@code pod} and {@code namespace}. */
    public record MatchCondition(String name, Expression condition) {}

    /**
     * A profile, with the values that the policy sets.
     *
     * @param instance of the profile; empty for the profile itself
     * @param parameters values by name, checked against the profile
     * @param generation the generation of the profile that the policy pins; empty for the one in force
     * @param allowances what Pods can still change if the policy enforces the profile
     */
    public record Grant(
            String profile,
            Optional<String> instance,
            Optional<String> generation,
            Map<String, JsonNode> parameters,
            Allowances allowances) {

        public Grant {
            // Map.copyOf and Set.copyOf take quadratic time for names whose hashes collide.
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }

        /** A grant of the profile itself, without allowances. */
        public Grant(String profile, Map<String, JsonNode> parameters) {
            this(profile, Optional.empty(), Optional.empty(), parameters, Allowances.NONE);
        }

        /** The name that a Pod requests: the profile, or an {@link InstanceName}. */
        public String name() {
            return instance.map(own -> new InstanceName(own, profile).toString())
                    .orElse(profile);
        }
    }

    /**
     * What Pods can change although a policy of mode Enforce applies to them.
     *
     * @param overridable the parameters that an annotation can set; empty if the policy does not list them, so that the use of each parameter
     *     in the profile decides ({@link ProtectedParameters})
     * @param acceptedGuards the guards that can exclude a Pod in a strict namespace from the profile
     * @param keepAppValues whether the app's own variables, mounts, labels and annotations take precedence over those of the profile
     */
    public record Allowances(Optional<Set<String>> overridable, Set<String> acceptedGuards, boolean keepAppValues) {

        public static final Allowances NONE = new Allowances(Optional.empty(), Set.of(), false);

        public Allowances {
            overridable = overridable.map(names -> Collections.unmodifiableSet(new HashSet<>(names)));
            acceptedGuards = Collections.unmodifiableSet(new HashSet<>(acceptedGuards));
        }

        /** Whether the policy lists the parameter as one that Pods can set. */
        public boolean opens(String parameter) {
            return overridable.isPresent() && overridable.get().contains(parameter);
        }
    }
}
