package dev.pillion.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cli.simulate.ComputeResources;
import dev.pillion.cli.simulate.NamespaceObjects;
import dev.pillion.cli.simulate.ResourceQuotaCheck;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Adds up what all Pods of a namespace would need more, and compares it with the ResourceQuotas. */
final class NamespaceTotals {

    /** The older names of requests in quotas. */
    private static final Map<String, String> OTHER_NAMES = Map.of("cpu", "requests.cpu", "memory", "requests.memory");

    private final NamespaceObjects limits;
    private final Map<String, Map<String, BigDecimal>> added = new TreeMap<>();
    /** By namespace, then by the name of the quota and the resource in it. */
    private final Map<String, Map<QuotaPart, BigDecimal>> ofQuotas = new HashMap<>();

    NamespaceTotals(NamespaceObjects limits) {
        this.limits = limits;
    }

    /** @param resource as the quota names it */
    private record QuotaPart(String quota, String resource) {}

    /**
     * What a namespace needs more.
     *
     * @param added by the names of {@link PodAmounts}
     * @param quotas the parts of quotas that change
     */
    record Total(String namespace, Map<String, BigDecimal> added, List<QuotaUse> quotas) {

        /** An amount with its sign, for example {@code +120m} or {@code -64Mi}; {@code 0} if there is no difference. */
        String shown(String name) {
            String quantity = quantity(name);
            return added.getOrDefault(name, BigDecimal.ZERO).signum() > 0 ? "+" + quantity : quantity;
        }

        /** An amount as a quantity of Kubernetes. */
        String quantity(String name) {
            return NamespaceTotals.quantity(PodAmounts.resource(name), added.getOrDefault(name, BigDecimal.ZERO));
        }
    }

    /** A quantity of Kubernetes, for example {@code 120m} or {@code -64Mi}. */
    private static String quantity(String resource, BigDecimal amount) {
        String text = ComputeResources.shown(resource, amount.abs());
        return amount.signum() == 0 ? "0" : (amount.signum() < 0 ? "-" : "") + text;
    }

    /**
     * A part of a quota.
     *
     * @param quota kind and name, as kubectl writes them
     * @param resource as the quota names it
     */
    record QuotaUse(String quota, String resource, BigDecimal used, BigDecimal added, BigDecimal hard) {

        /** Whether the quota has room now and would have none. */
        boolean isExceeded() {
            return added.signum() > 0
                    && used.compareTo(hard) <= 0
                    && used.add(added).compareTo(hard) > 0;
        }

        /** For example {@code ResourceQuota/team: requests.cpu 900m + 200m of 1: exceeded}. */
        String description() {
            return quota + ": " + resource + " " + shown(used) + (added.signum() < 0 ? " - " : " + ")
                    + shown(added.abs()) + " of " + shown(hard) + (isExceeded() ? ": exceeded" : "");
        }

        /** An amount as a quantity of Kubernetes. */
        String shown(BigDecimal amount) {
            return quantity(PodAmounts.resource(OTHER_NAMES.getOrDefault(resource, resource)), amount);
        }
    }

    /**
     * Adds the Pods of a workload.
     *
     * @param before a Pod with the current catalog; empty if it is denied
     * @param after a Pod with the planned catalog; empty if it is denied
     */
    void add(LiveTemplate workload, Optional<JsonNode> before, Optional<JsonNode> after) {
        if (after.isEmpty()) {
            return; // The existing Pods keep running, and no new ones are created.
        }
        String namespace = workload.namespace();
        JsonNode pod = after.get();
        BigDecimal pods = BigDecimal.valueOf(workload.pods());
        Map<String, BigDecimal> ofPods = PodAmounts.between(before, pod, limits.in(namespace, "LimitRange"));
        ofPods.replaceAll((_, amount) -> amount.multiply(pods));
        ofPods.forEach((name, amount) ->
                added.computeIfAbsent(namespace, _ -> new HashMap<>()).merge(name, amount, BigDecimal::add));
        for (JsonNode quota : limits.in(namespace, "ResourceQuota")) {
            if (ResourceQuotaCheck.appliesTo(pod.path("spec"), quota.path("spec"))) {
                hard(quota).fieldNames().forEachRemaining(resource -> {
                    BigDecimal amount = ofPods.get(OTHER_NAMES.getOrDefault(resource, resource));
                    if (amount != null && amount.signum() != 0) {
                        ofQuotas.computeIfAbsent(namespace, _ -> new HashMap<>())
                                .merge(new QuotaPart(NamespaceObjects.title(quota), resource), amount, BigDecimal::add);
                    }
                });
            }
        }
    }

    /** The namespaces that need more or less, by name. */
    List<Total> totals() {
        List<Total> totals = new ArrayList<>();
        added.forEach((namespace, amounts) -> {
            if (amounts.values().stream().anyMatch(amount -> amount.signum() != 0)) {
                totals.add(new Total(namespace, amounts, quotas(namespace)));
            }
        });
        return totals;
    }

    private List<QuotaUse> quotas(String namespace) {
        List<QuotaUse> uses = new ArrayList<>();
        Map<QuotaPart, BigDecimal> parts = ofQuotas.getOrDefault(namespace, Map.of());
        for (JsonNode quota : limits.in(namespace, "ResourceQuota")) {
            hard(quota).properties().forEach(field -> {
                BigDecimal amount = parts.get(new QuotaPart(NamespaceObjects.title(quota), field.getKey()));
                Optional<BigDecimal> hard = ComputeResources.quantity(field.getValue());
                if (amount != null && hard.isPresent()) {
                    uses.add(new QuotaUse(
                            NamespaceObjects.title(quota),
                            field.getKey(),
                            ComputeResources.quantity(
                                            quota.path("status").path("used").path(field.getKey()))
                                    .orElse(BigDecimal.ZERO),
                            amount,
                            hard.get()));
                }
            });
        }
        return uses;
    }

    /** The limits that the quota controller uses, or those of the spec if it has not seen the quota yet. */
    private static JsonNode hard(JsonNode quota) {
        JsonNode observed = quota.path("status").path("hard");
        return observed.isEmpty() ? quota.path("spec").path("hard") : observed;
    }
}
