package dev.pillion.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.Linter.Findings;
import dev.pillion.expression.Nearest;
import dev.pillion.expression.Type.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds what is questionable in a container of a profile. */
final class ContainerLints {

    private static final Set<String> KNOWN = known();

    private final JsonNode container;
    private final String path;
    private final Findings findings;

    ContainerLints(JsonNode container, String path, Findings findings) {
        this.container = container;
        this.path = path;
        this.findings = findings;
    }

    void find() {
        findMisspeltFields();
        FloatingImage.of(container.path("image").asText())
                .ifPresent(message -> findings.add(LintRule.FLOATING_IMAGE, path + ".image", message));
        findMissingRequests();
    }

    /** A field that is like none is one of a newer Kubernetes, for all that is known here. */
    private void findMisspeltFields() {
        container.fieldNames().forEachRemaining(field -> {
            if (!KNOWN.contains(field)) {
                Nearest.to(field, KNOWN)
                        .ifPresent(near -> findings.add(
                                LintRule.MISSPELT_FIELD,
                                path + "." + field,
                                "is no field of a container that this version knows; write " + near
                                        + " if that is meant"));
            }
        });
    }

    private void findMissingRequests() {
        List<String> missing = new ArrayList<>();
        JsonNode resources = container.path("resources");
        for (String resource : List.of("cpu", "memory")) {
            // Kubernetes takes a limit for the request where there is none; an expression may give anything.
            boolean given = resources.isTextual()
                    || has(resources.path("requests"), resource)
                    || has(resources.path("limits"), resource);
            if (!given) {
                missing.add(resource);
            }
        }
        if (!missing.isEmpty()) {
            findings.add(
                    LintRule.MISSING_REQUESTS,
                    path + (resources.isMissingNode() ? "" : ".resources"),
                    "requests no " + String.join(" and no ", missing)
                            + "; set resources.requests to what the companion uses");
        }
    }

    private static boolean has(JsonNode amounts, String resource) {
        return amounts.isTextual() || amounts.hasNonNull(resource);
    }

    private static Set<String> known() {
        String struct = ((Struct) KubernetesSchema.CONTAINER).name();
        Set<String> known = new TreeSet<>(KubernetesSchema.load().fields(struct).keySet());
        known.addAll(ContainerReader.OWN_FIELDS);
        return known;
    }
}
