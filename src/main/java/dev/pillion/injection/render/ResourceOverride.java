package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Parameter;
import dev.pillion.injection.plan.ParameterSource;
import dev.pillion.injection.plan.Plan.ParameterValue;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sets the requests and limits of a companion from the profile's parameter of type {@code resources}.
 *
 * @param value a map of {@code requests} and {@code limits}; with {@code guaranteed: true} limits become equal to requests
 */
record ResourceOverride(ProfileRequest request, Parameter parameter, ParameterValue value) {

    private static final String REQUESTS = "requests";
    private static final String LIMITS = "limits";

    void applyTo(ObjectNode companion) throws DeniedException {
        JsonNode own = companion.path("resources").deepCopy();
        for (String kind : List.of(REQUESTS, LIMITS)) {
            for (Map.Entry<String, JsonNode> amount : value.value().path(kind).properties()) {
                checkNotLess(
                        companion, own, kind, amount.getKey(), amount.getValue().asText());
                companion.withObject("/resources/" + kind).set(amount.getKey(), amount.getValue());
            }
        }
        if (value.value().path("guaranteed").asBoolean()) {
            guarantee(companion);
        }
        checkOrder(companion);
    }

    /** Makes requests equal to limits. Without a limit, the limit becomes equal to the request. */
    private void guarantee(ObjectNode companion) {
        JsonNode set = value.value();
        for (String resource : List.of("cpu", "memory")) {
            JsonNode request = companion.at("/resources/requests/" + resource);
            JsonNode limit = companion.at("/resources/limits/" + resource);
            // An amount that the parameter sets takes precedence over the profile's own.
            boolean onlyRequestSet =
                    set.path(REQUESTS).has(resource) && !set.path(LIMITS).has(resource);
            JsonNode amount = limit.isMissingNode() || onlyRequestSet ? request : limit;
            if (!amount.isMissingNode()) {
                companion.withObject("/resources/requests").set(resource, amount);
                companion.withObject("/resources/limits").set(resource, amount);
            }
        }
    }

    /** A Pod may give a companion more than its profile does. It may give less only if the profile sets a minimum. */
    private void checkNotLess(ObjectNode companion, JsonNode own, String kind, String resource, String amount)
            throws DeniedException {
        if (!isOfPod() || parameter.resources().atLeast().containsKey(resource)) {
            return;
        }
        JsonNode least = own.path(kind).path(resource);
        if (least.isMissingNode()) {
            least = own.path(REQUESTS).path(resource);
        }
        if (isLess(amount, least.asText())) {
            throw denial(kind + "." + resource + " of container "
                    + companion.path("name").asText() + " cannot be less than the profile's " + least.asText()
                    + ", is " + amount);
        }
    }

    /** Kubernetes rejects a container that requests more than its limit. */
    private void checkOrder(ObjectNode companion) throws DeniedException {
        for (Map.Entry<String, JsonNode> request :
                companion.at("/resources/requests").properties()) {
            JsonNode limit = companion.at("/resources/limits").path(request.getKey());
            if (isLess(limit.asText(), request.getValue().asText())) {
                throw denial("container " + companion.path("name").asText() + " would request "
                        + request.getValue().asText() + " of " + request.getKey() + ", more than its limit "
                        + limit.asText() + "; set limits." + request.getKey() + " as well");
            }
        }
    }

    private boolean isOfPod() {
        return value.source() instanceof ParameterSource.Annotation;
    }

    private DeniedException denial(String problem) {
        return value.source() instanceof ParameterSource.Annotation(String annotation)
                ? DeniedException.ofValue(request, ReasonCode.INVALID_VALUE, annotation, problem)
                : DeniedException.of(
                        request, ReasonCode.INVALID_VALUE, "of its parameter '" + parameter.name() + "', " + problem);
    }

    private static boolean isLess(String one, String other) {
        Optional<BigDecimal> more = Quantity.amount(other);
        return Quantity.amount(one)
                .filter(less ->
                        more.filter(amount -> less.compareTo(amount) < 0).isPresent())
                .isPresent();
    }
}
