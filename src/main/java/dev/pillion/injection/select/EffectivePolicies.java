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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The policies that match a Pod, in the order of precedence. */
public final class EffectivePolicies {

    private static final Set<Mode> INJECTING = EnumSet.of(Mode.ENFORCE, Mode.DEFAULT);

    private final List<Policy> policies;
    private final List<Reason> warnings;
    private final boolean strict;

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
        return policies.stream()
                .filter(policy -> policy.mode() != Mode.AUDIT)
                .filter(policy -> grant(policy, profile).isPresent()
                        || policy.mode() == Mode.PERMIT
                                && grant(policy, InstanceName.profileOf(profile))
                                        .isPresent())
                .findFirst();
    }

    /**
     * The values that policies set for a profile, by parameter. The first policy takes precedence.
     *
     * @param overruled gets a warning for each policy that sets another value
     */
    public Map<String, Setting> settings(String profile, List<Reason> overruled) {
        String name = nameInPolicies(profile);
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (Policy policy : policies) {
            if (policy.mode() == Mode.AUDIT) {
                continue;
            }
            Optional<Grant> grant = grant(policy, name);
            grant.map(Grant::parameters).orElse(Map.of()).forEach((parameter, value) -> {
                boolean locked =
                        policy.mode().locks() && !grant.get().allowances().opens(parameter);
                Setting first = settings.putIfAbsent(parameter, new Setting(policy, value, locked));
                if (first != null && !first.value().equals(value)) {
                    overruled.add(new Reason(
                            ReasonCode.POLICY_CONFLICT,
                            "policy " + policy.name() + " does not set " + profile + "'s " + parameter + ": policy "
                                    + first.policy().name() + " takes precedence"));
                }
            });
        }
        return settings;
    }

    /** The priority of the policy that injects a profile; 0 if there is none. */
    public int priority(String profile) {
        return policies.stream()
                .filter(policy -> INJECTING.contains(policy.mode()))
                .filter(policy -> grant(policy, profile).isPresent())
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
        for (Policy policy : policies) {
            Optional<Grant> grant = policy.mode() == Mode.ENFORCE ? grant(policy, profile) : Optional.empty();
            if (grant.isPresent()) {
                return Optional.of(new Enforcement(policy, grant.get().allowances()));
            }
        }
        return Optional.empty();
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
                || policies.stream()
                        .filter(policy -> policy.mode() != Mode.AUDIT)
                        .anyMatch(policy -> grant(policy, name).isPresent());
        return own ? name : profile;
    }

    private static Optional<Grant> grant(Policy policy, String name) {
        for (Grant grant : policy.grants()) {
            if (grant.name().equals(name)) {
                return Optional.of(grant);
            }
        }
        return Optional.empty();
    }

    /** A policy that enforces a profile, and what it allows Pods to change. */
    public record Enforcement(Policy policy, Allowances allowances) {}

    /**
     * A parameter's value, and the policy that sets it.
     *
     * @param locked whether an annotation cannot set another value
     */
    public record Setting(Policy policy, JsonNode value, boolean locked) {}
}
