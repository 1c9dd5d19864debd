package dev.pillion.injection.select;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Catalog;
import dev.pillion.catalog.InstanceName;
import dev.pillion.catalog.Policy;
import dev.pillion.catalog.Policy.Allowances;
import dev.pillion.catalog.Policy.Grant;
import dev.pillion.catalog.Policy.Mode;
import dev.pillion.expression.Variables;
import dev.pillion.injection.reason.Reason;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Namespace;
import dev.pillion.pod.Pod;
import dev.pillion.pod.ReviewLimits;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The policies that match a Pod, in the order of precedence. */
public final class EffectivePolicies {

    private static final Set<Mode> INJECTING = EnumSet.of(Mode.ENFORCE, Mode.DEFAULT);

    private final List<Policy> policies;
    private final List<Reason> warnings;
    private final boolean strict;

    /** By the name of a profile or an instance, made when it is first needed. A search in the grants of all policies for each name is slow. */
    private @Nullable Map<String, List<Granted>> granted;

    /** A grant, and its policy. */
    private record Granted(Policy policy, Grant grant) {}

    private EffectivePolicies(List<Policy> policies, List<Reason> warnings, boolean strict) {
        this.policies = policies;
        this.warnings = warnings;
        this.strict = strict;
    }

    public static EffectivePolicies of(Pod pod, Namespace namespace, Catalog catalog, Variables variables) {
        List<Policy> matching = new ArrayList<>();
        List<Reason> warnings = new ArrayList<>();
        for (Policy policy : catalog.policies(namespace.labels(), pod.labels())) {
            if (Match.beyondSelectors(policy, pod, namespace, variables, warnings)
                    .isEmpty()) {
                matching.add(policy);
            }
        }
        return new EffectivePolicies(matching, warnings, namespace.strict());
    }

    List<Reason> warnings() {
        return warnings;
    }

    /** The profiles that policies of a mode grant, each with the first policy that grants it. */
    public Map<String, Policy> given(Mode mode) {
        Map<String, Policy> given = new LinkedHashMap<>();
        for (Policy policy : policies) {
            if (policy.mode() == mode) {
                policy.grants().forEach(grant -> given.putIfAbsent(grant.name(), policy));
            }
        }
        return given;
    }

    /**
     * The first policy that permits a restricted profile. A policy in Permit mode that names a profile permits all its instances too. Policies
     * in other modes permit only the name that they grant.
     */
    public Optional<Policy> permitting(String profile) {
        Stream<Policy> naming = granting(profile).map(Granted::policy).filter(policy -> policy.mode() != Mode.AUDIT);
        Stream<Policy> forInstances = granting(InstanceName.profileOf(profile))
                .map(Granted::policy)
                .filter(policy -> policy.mode() == Mode.PERMIT);
        return Stream.concat(naming.limit(1), forInstances.limit(1)).min(Policy.PRECEDENCE);
    }

    /**
     * The values that policies set for a profile, by parameter. The first policy takes precedence.
     *
     * @param overruled gets a warning for each policy that sets another value, up to {@link ReviewLimits#WARNINGS}
     */
    public Map<String, Setting> settings(String profile, List<Reason> overruled) {
        String name = nameInPolicies(profile);
        Map<String, Setting> settings = new LinkedHashMap<>();
        granting(name).filter(each -> each.policy().mode() != Mode.AUDIT).forEach(each -> {
            Policy policy = each.policy();
            each.grant().parameters().forEach((parameter, value) -> {
                boolean locked =
                        policy.mode().locks() && !each.grant().allowances().opens(parameter);
                Setting first = settings.putIfAbsent(parameter, new Setting(policy, value, locked));
                if (first != null
                        && overruled.size() < ReviewLimits.WARNINGS
                        && !first.value().equals(value)) {
                    overruled.add(new Reason(
                            ReasonCode.POLICY_CONFLICT,
                            "policy " + policy.name() + " does not set " + profile + "'s " + parameter + ": policy "
                                    + first.policy().name() + " takes precedence"));
                }
            });
        });
        return settings;
    }

    /** The first policy that pins the generation of a profile. A pin of a profile is also for instances that no policy names. */
    Optional<PolicyPin> pinning(String profile) {
        return granting(nameInPolicies(profile))
                .filter(each -> each.policy().mode() != Mode.AUDIT)
                .flatMap(each -> each.grant().generation().stream()
                        .map(generation -> new PolicyPin(
                                each.policy(), generation, each.policy().mode().locks())))
                .findFirst();
    }

    /** The priority of the policy that injects a profile; 0 if there is none. */
    public int priority(String profile) {
        return granting(profile)
                .map(Granted::policy)
                .filter(policy -> INJECTING.contains(policy.mode()))
                .findFirst()
                .map(Policy::priority)
                .orElse(0);
    }

    /** The policies in Audit mode. */
    public List<Policy> audits() {
        return policies.stream().filter(policy -> policy.mode() == Mode.AUDIT).toList();
    }

    /** The same policies, with those in Audit mode changed to Enforce. */
    public EffectivePolicies withAuditsEnforced() {
        return new EffectivePolicies(
                policies.stream()
                        .map(policy -> policy.mode() == Mode.AUDIT ? policy.in(Mode.ENFORCE) : policy)
                        .sorted(Policy.PRECEDENCE)
                        .toList(),
                warnings,
                strict);
    }

    /** The same policies in a strict namespace, where a guard can skip an enforced profile only if the policy accepts the guard. */
    public EffectivePolicies strictly() {
        return new EffectivePolicies(policies, warnings, true);
    }

    public boolean strict() {
        return strict;
    }

    /** The first policy that enforces a profile, with what the policy allows Pods to change. */
    public Optional<Enforcement> enforcing(String profile) {
        return granting(profile)
                .filter(each -> each.policy().mode() == Mode.ENFORCE)
                .findFirst()
                .map(each -> new Enforcement(each.policy(), each.grant().allowances()));
    }

    /**
     * The policy that decides which parameters of a profile Pods may set. The policy that enforces a profile also decides for instances that no
     * policy names. Otherwise a Pod could request an instance with other values.
     */
    public Optional<Enforcement> governing(String profile) {
        return enforcing(nameInPolicies(profile));
    }

    /** The name whose grants apply to an instance: its own if a policy names it, otherwise the profile's. */
    private String nameInPolicies(String name) {
        String profile = InstanceName.profileOf(name);
        boolean own = profile.equals(name)
                || granting(name).anyMatch(each -> each.policy().mode() != Mode.AUDIT);
        return own ? name : profile;
    }

    /** The grants of a name, in the order of precedence. The first grant of each policy counts. */
    private Stream<Granted> granting(String name) {
        if (granted == null) {
            granted = new HashMap<>();
            for (Policy policy : policies) {
                for (Grant grant : policy.grants()) {
                    List<Granted> same = granted.computeIfAbsent(grant.name(), key -> new ArrayList<>(1));
                    if (same.isEmpty() || same.getLast().policy() != policy) {
                        same.add(new Granted(policy, grant));
                    }
                }
            }
        }
        return granted.getOrDefault(name, List.of()).stream();
    }

    /** A policy that enforces a profile, and what it allows Pods to change. */
    public record Enforcement(Policy policy, Allowances allowances) {}

    /**
     * A pinned generation, and the policy that pins it.
     *
     * @param locked whether annotations cannot pin another one
     */
    record PolicyPin(Policy policy, String generation, boolean locked) {}

    /**
     * A parameter's value, and the policy that sets it.
     *
     * @param locked whether an annotation cannot set another value
     */
    public record Setting(Policy policy, JsonNode value, boolean locked) {}
}
