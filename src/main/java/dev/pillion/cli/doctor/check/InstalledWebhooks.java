package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The webhooks of Pillion's two webhook configurations. */
record InstalledWebhooks(Optional<JsonNode> mutating, Optional<JsonNode> validating) {

    static final String MUTATE = "mutate.pillion.dev";
    static final String STRICT = "strict.validate.pillion.dev";

    static InstalledWebhooks read(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        return new InstalledWebhooks(
                inspection.object(Resource.MUTATING_WEBHOOKS, Inspection.PILLION),
                inspection.object(Resource.VALIDATING_WEBHOOKS, Inspection.PILLION));
    }

    List<JsonNode> all() {
        List<JsonNode> all = new ArrayList<>();
        Stream.of(mutating, validating)
                .flatMap(Optional::stream)
                .forEach(configuration -> configuration.path("webhooks").forEach(all::add));
        return all;
    }

    Optional<JsonNode> named(String name) {
        return all().stream()
                .filter(webhook -> webhook.path("name").asText().equals(name))
                .findFirst();
    }
}
