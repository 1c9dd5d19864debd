package dev.pillion.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Expression;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which Pods must get, get by default, may ask for, or are only audited for, which profiles; compiled.
 *
 * @param generation changes whenever the policy does: a hash of its content
 * @param source where it was read from, as the user knows it
 * @param priority the higher one wins where two policies say different things of one profile
 * @param percentage of workloads, 0 to 100, that the policy is for
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
        int percentage) {

    /** Who wins comes first: what cannot be refused, then the higher priority, then the name. */
    public static final Comparator<Policy> PRECEDENCE = Comparator.comparing(Policy::mode)
            .thenComparing(Comparator.comparingInt(Policy::priority).reversed())
            .thenComparing(Policy::name);

    public Policy {
        matchConditions = List.copyOf(matchConditions);
        grants = List.copyOf(grants);
    }

    /** The same policy in another mode. */
    public Policy in(Mode other) {
        return new Policy(
                name, generation, source, other, priority, namespaces, pods, matchConditions, grants, percentage);
    }

    /** A policy of this name for other Pods, which grants nothing. */
    public Policy meantFor(Mode other, LabelSelector namespaceSelector, LabelSelector podSelector, int share) {
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
                share);
    }

    /** What a policy does with its profiles; in the order of its precedence. */
    public enum Mode {
        /** Injects, and cannot be refused. */
        ENFORCE,
        /** Injects unless the Pod opts out. */
        DEFAULT,
        /** Lets Pods ask for profiles that are restricted. */
        PERMIT,
        /** Injects nothing, and tells what would have been. */
        AUDIT;

        /** Whether a Pod may not set what the policy sets. */
        public boolean locks() {
            return this == ENFORCE || this == PERMIT;
        }

        /** As it is written. */
        @Override
        public String toString() {
            return name().charAt(0) + name().substring(1).toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** A condition in CEL over {@code pod} and {@code namespace}. */
    public record MatchCondition(String name, Expression condition) {}

    /**
     * A profile, with the values that the policy sets.
     *
     * @param instance of the profile; empty for the profile itself
     * @param parameters by name, each checked against the profile
     * @param allowances what Pods may do all the same where the policy enforces the profile
     */
    public record Grant(
            String profile, Optional<String> instance, Map<String, JsonNode> parameters, Allowances allowances) {

        public Grant {
            parameters = Map.copyOf(parameters);
        }

        /** A grant that allows Pods nothing out of the ordinary. */
        public Grant(String profile, Map<String, JsonNode> parameters) {
            this(profile, Optional.empty(), parameters, Allowances.NONE);
        }

        /** By which it is requested; of an instance an {@link InstanceName}. */
        public String name() {
            return instance.map(own -> new InstanceName(own, profile).toString())
                    .orElse(profile);
        }
    }

    /**
     * What a policy of mode Enforce leaves to the Pods.
     *
     * @param overridable the parameters that an annotation may set; empty where the policy does not say, so that the profile decides by what
     *     each parameter is used for ({@link ProtectedParameters})
     * @param acceptedGuards the guards by which the profile may be left out of a Pod in a strict namespace
     * @param keepAppValues whether the app's own variables, mounts, labels and annotations stand where the profile sets others
     */
    public record Allowances(Optional<Set<String>> overridable, Set<String> acceptedGuards, boolean keepAppValues) {

        public static final Allowances NONE = new Allowances(Optional.empty(), Set.of(), false);

        public Allowances {
            overridable = overridable.map(Set::copyOf);
            acceptedGuards = Set.copyOf(acceptedGuards);
        }

        /** Whether the policy names the parameter as one that Pods may set. */
        public boolean opens(String parameter) {
            return overridable.isPresent() && overridable.get().contains(parameter);
        }
    }
}
