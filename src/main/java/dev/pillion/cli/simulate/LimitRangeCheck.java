package dev.pillion.cli.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds companions that violate a LimitRange of their namespace, with the defaults that the LimitRange sets. */
final class LimitRangeCheck implements InputCheck {

    @Override
    public List<String> findings(InjectedWorkload workload, NamespaceObjects objects) {
        List<String> findings = new ArrayList<>();
        for (JsonNode range : objects.in(workload.namespace().name(), "LimitRange")) {
            for (JsonNode limit : range.path("spec").path("limits")) {
                if (limit.path("type").asText().equals("Pod")) {
                    checkPod(workload, range, limit.path("max"), findings);
                }
                if (limit.path("type").asText().equals("Container")) {
                    for (JsonNode companion : workload.companions()) {
                        for (String resource : ComputeResources.names()) {
                            violation(companion, limit, resource)
                                    .ifPresent(violation -> findings.add(NamespaceObjects.title(range) + ": companion "
                                            + companion.path("name").asText() + " has " + violation
                                            + "; the API server rejects the Pods"));
                        }
                    }
                }
            }
        }
        return findings;
    }

    /** Companions can only make a Pod exceed a maximum, because they add to its requests and limits. */
    private static void checkPod(InjectedWorkload workload, JsonNode range, JsonNode maximum, List<String> findings) {
        for (String resource : ComputeResources.names()) {
            ComputeResources.quantity(maximum.path(resource))
                    .flatMap(most -> exceeding(workload, resource, most))
                    .ifPresent(
                            excess -> findings.add(NamespaceObjects.title(range) + ": one Pod with its companions has "
                                    + excess + ", above the maximum "
                                    + maximum.path(resource).asText() + "; the API server rejects the Pods"));
        }
    }

    /** The first amount above a maximum, for example {@code limits.cpu 110m}. */
    private static Optional<String> exceeding(InjectedWorkload workload, String resource, BigDecimal most) {
        return Stream.of("limits", "requests")
                .flatMap(kind -> ComputeResources.exceeding(workload, kind, resource, most)
                        .map(amount -> kind + "." + resource + " " + ComputeResources.shown(resource, amount))
                        .stream())
                .findFirst();
    }

    private static Optional<String> violation(JsonNode companion, JsonNode range, String resource) {
        JsonNode resources = companion.path("resources");
        JsonNode limit = first(
                resources.path("limits").path(resource),
                range.path("default").path(resource),
                range.path("max").path(resource));
        JsonNode request = first(
                resources.path("requests").path(resource),
                resources.path("limits").path(resource),
                range.path("defaultRequest").path(resource),
                range.path("default").path(resource),
                range.path("min").path(resource));
        String ofLimit = "a limit of " + limit.asText() + " " + resource;
        String ofRequest = "a request of " + request.asText() + " " + resource;
        JsonNode min = range.path("min").path(resource);
        JsonNode max = range.path("max").path(resource);
        if (isAbove(limit, max)) {
            return Optional.of(ofLimit + ", above the maximum " + max.asText());
        }
        if (isAbove(request, max)) {
            return Optional.of(ofRequest + ", above the maximum " + max.asText());
        }
        if (isAbove(min, request)) {
            return Optional.of(ofRequest + ", below the minimum " + min.asText());
        }
        if (isAbove(request, limit)) {
            return Optional.of(ofRequest + ", above the limit " + limit.asText() + " that the LimitRange gives it");
        }
        return tooFarApart(request, limit, range.path("maxLimitRequestRatio").path(resource))
                ? Optional.of(ofLimit + " and " + ofRequest + ", a ratio above "
                        + range.path("maxLimitRequestRatio").path(resource).asText())
                : Optional.empty();
    }

    private static JsonNode first(JsonNode... candidates) {
        for (JsonNode candidate : candidates) {
            if (ComputeResources.quantity(candidate).isPresent()) {
                return candidate;
            }
        }
        return candidates[0];
    }

    private static boolean isAbove(JsonNode one, JsonNode other) {
        Optional<BigDecimal> limit = ComputeResources.quantity(other);
        return limit.isPresent()
                && ComputeResources.quantity(one)
                        .filter(value -> value.compareTo(limit.get()) > 0)
                        .isPresent();
    }

    private static boolean tooFarApart(JsonNode request, JsonNode limit, JsonNode ratio) {
        Optional<BigDecimal> most = ComputeResources.quantity(ratio);
        Optional<BigDecimal> low = ComputeResources.quantity(request);
        return most.isPresent()
                && low.isPresent()
                && ComputeResources.quantity(limit)
                        .filter(high -> high.compareTo(low.get().multiply(most.get())) > 0)
                        .isPresent();
    }
}
