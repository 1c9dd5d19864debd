package dev.pillion.cli.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.resource.CatalogResource;
import dev.pillion.cluster.UnreachableClusterException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The custom resource definitions have the schema that this command contains. */
final class CrdsCheck implements Check {

    private static final String APPLY = "kubectl apply --server-side -k deploy/crds";

    @Override
    public CheckId id() {
        return CheckId.CRDS;
    }

    @Override
    public List<Finding> run(Inspection inspection) throws MissingRightException, UnreachableClusterException {
        Findings findings = new Findings(id());
        for (JsonNode shipped : ShippedManifests.crds()) {
            String name = shipped.path("metadata").path("name").asText();
            Optional<JsonNode> installed = inspection.object(Resource.CUSTOM_RESOURCE_DEFINITION, name);
            if (installed.isEmpty()) {
                findings.failed(
                        "CustomResourceDefinition " + name + " does not exist, so the cluster has no such resources",
                        "Run: " + APPLY);
            } else {
                compare(name, shipped, installed.get(), findings);
            }
        }
        return findings.orOk("The CustomResourceDefinitions are those of version " + inspection.version());
    }

    private static void compare(String name, JsonNode shipped, JsonNode installed, Findings findings) {
        for (JsonNode condition : installed.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Established")
                    && condition.path("status").asText().equals("False")) {
                findings.failed(
                        "CustomResourceDefinition " + name + " is not established: "
                                + condition.path("message").asText(),
                        "Correct what the message says. It is usually another definition with the same names");
            }
        }
        JsonNode wanted = version(shipped);
        JsonNode present = version(installed);
        List<String> missing = new ArrayList<>();
        addMissing("", wanted, present, missing);
        if (!missing.isEmpty()) {
            findings.failed(
                    "CustomResourceDefinition " + name + " is outdated: it differs in " + Sentences.list(missing),
                    "Run: " + APPLY + ". Without it, the API server drops fields that the definition does not have");
            return;
        }
        List<String> added = new ArrayList<>();
        addMissing("", present, wanted, added);
        if (!added.isEmpty()) {
            findings.warning(
                    "CustomResourceDefinition " + name + " has what this command does not know: "
                            + Sentences.list(added),
                    "Use the command of the version that is installed in the cluster");
        }
    }

    /** What decides which objects the API server stores. The printed columns are left out. */
    private static ObjectNode version(JsonNode definition) {
        ObjectNode parts = JsonNodeFactory.instance.objectNode();
        for (JsonNode version : definition.path("spec").path("versions")) {
            if (version.path("name").asText().equals(CatalogResource.VERSION)) {
                for (String field : List.of("schema", "subresources", "served", "storage")) {
                    parts.set(field, version.path(field));
                }
            }
        }
        return parts;
    }

    /** Adds the paths of values that the second tree does not have. A description changes nothing. */
    private static void addMissing(String path, JsonNode wanted, JsonNode present, List<String> missing) {
        if (present.isMissingNode()) {
            missing.add(shortened(path));
            return;
        }
        switch (wanted) {
            case ObjectNode fields ->
                fields.properties().stream()
                        .filter(field -> !isDescription(field.getKey(), field.getValue()))
                        .forEach(field -> addMissing(
                                path + "." + field.getKey(), field.getValue(), present.path(field.getKey()), missing));
            case ArrayNode list -> {
                for (int index = 0; index < list.size(); index++) {
                    addMissing(path + "[" + index + "]", list.get(index), present.path(index), missing);
                }
            }
            default -> {
                if (!isSame(wanted, present)) {
                    missing.add(shortened(path));
                }
            }
        }
    }

    /** The API server stores 100.0 as 100. */
    private static boolean isSame(JsonNode wanted, JsonNode present) {
        return wanted.isNumber() && present.isNumber()
                ? wanted.decimalValue().compareTo(present.decimalValue()) == 0
                : wanted.asText().equals(present.asText());
    }

    /** A property of this name has a schema, which is an object. */
    private static boolean isDescription(String name, JsonNode value) {
        return name.equals("description") && value.isTextual();
    }

    /** The path of a field in a resource, instead of in its schema. */
    private static String shortened(String path) {
        return path.replace(".schema.openAPIV3Schema", "")
                .replace(".properties.", ".")
                .substring(1);
    }
}
