package dev.pillion.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Linter.Findings;
import java.util.Map;
import java.util.Optional;

/** Finds what is questionable in a policy. */
final class PolicyLints {

    private final JsonNode spec;
    private final Catalog catalog;
    private final Findings findings;

    PolicyLints(JsonNode spec, Catalog catalog, Findings findings) {
        this.spec = spec;
        this.catalog = catalog;
        this.findings = findings;
    }

    void find() {
        for (int index = 0; index < spec.path("profiles").size(); index++) {
            JsonNode grant = spec.path("profiles").get(index);
            Optional<Profile> profile = catalog.profile(grant.path("name").asText());
            String path = "spec.profiles[" + index + "].parameters.";
            profile.ifPresent(named -> findFloatingValues(grant.path("parameters"), named, path));
        }
    }

    private void findFloatingValues(JsonNode values, Profile profile, String path) {
        for (Map.Entry<String, JsonNode> value : values.properties()) {
            Parameter parameter = profile.parameters().get(value.getKey());
            if (parameter != null && parameter.type() == ParameterType.IMAGE) {
                FloatingImage.of(value.getValue().asText())
                        .ifPresent(message -> findings.add(LintRule.FLOATING_IMAGE, path + value.getKey(), message));
            }
        }
    }
}
