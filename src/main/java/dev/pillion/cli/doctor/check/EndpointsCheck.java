package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.List;
import java.util.stream.Stream;

/** The Service has ready endpoints. */
final class EndpointsCheck implements Check {

    private static final String LABEL = "kubernetes.io/service-name=" + Inspection.PILLION;

    @Override
    public CheckId id() {
        return CheckId.ENDPOINTS;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        List<JsonNode> slices = inspection.list(Resource.ENDPOINT_SLICE, inspection.namespace(), LABEL);
        List<JsonNode> endpoints = slices.stream()
                .flatMap(slice -> slice.path("endpoints").valueStream())
                .toList();
        long all = pods(endpoints.stream());
        long ready = pods(endpoints.stream().filter(EndpointsCheck::isReady));
        String name = "Service " + inspection.namespace() + "/" + Inspection.PILLION;
        Findings findings = new Findings(id());
        if (ready == 0) {
            findings.failed(
                    name + " has no ready endpoint, so every call of the API server fails",
                    "Make a replica ready: docs/operations.md#pilliondown");
        } else if (ready < all) {
            findings.warning(
                    name + " has " + ready + " of " + Sentences.count(all, "endpoint") + " ready",
                    "Follow docs/operations.md#pillionreplicadown");
        }
        return findings.orOk(name + " has " + Sentences.count(ready, "ready endpoint"));
    }

    /** A cluster with two address families has two endpoints for each Pod. */
    private static long pods(Stream<JsonNode> endpoints) {
        return endpoints
                .map(endpoint -> endpoint.path("targetRef")
                        .path("name")
                        .asText(endpoint.path("addresses").path(0).asText()))
                .distinct()
                .count();
    }

    /** The API server interprets an absent condition as ready. */
    private static boolean isReady(JsonNode endpoint) {
        return endpoint.path("conditions").path("ready").asBoolean(true);
    }
}
