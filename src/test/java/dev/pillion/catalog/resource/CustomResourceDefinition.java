package dev.pillion.catalog.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.cluster.resource.InjectionPolicy;
import dev.pillion.cluster.resource.InjectionProfile;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import dev.pillion.yaml.YamlWriter;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The custom resource definition of a kind: the output of the generator with changes that annotations cannot express.
 *
 * <p>The most important change is that no map loses a field. The API server drops a field that is not in the schema, and most clients show no
 * message. Then Pillion's reader could not suggest the right name.
 */
record CustomResourceDefinition(Kind kind, ObjectNode tree) {

    private static final Path GENERATED = Path.of("target/crds");
    private static final Path CHECKED_IN = Path.of("deploy/crds");
    private static final String KEEP = "x-kubernetes-preserve-unknown-fields";
    private static final String RULES = "x-kubernetes-validations";
    private static final Map<Kind, Class<?>> TYPES =
            Map.of(Kind.PROFILE, InjectionProfile.class, Kind.POLICY, InjectionPolicy.class);
    private static final Map<Kind, String> DESCRIPTIONS = Map.of(
            Kind.PROFILE,
            "A profile: defines one companion and its parameters.",
            Kind.POLICY,
            "A policy selects Pods. It enforces profiles for them, adds profiles by default, permits profiles, or only audits them.");
    private static final Map<Kind, String> SPECS = Map.of(
            Kind.PROFILE,
            "The definition of the companion.",
            Kind.POLICY,
            "The Pods that the policy selects, and the profiles that it gives them.");

    static CustomResourceDefinition generated(Kind kind) throws IOException, YamlException {
        CustomResourceDefinition definition = new CustomResourceDefinition(
                kind, (ObjectNode) YamlReader.read(Files.readString(GENERATED.resolve(fileOf(kind))))
                        .getFirst()
                        .tree());
        definition.complete();
        return definition;
    }

    static Path file(Kind kind) {
        return CHECKED_IN.resolve(fileOf(kind));
    }

    String text() {
        return "# Generated from the types in src/main/java/dev/pillion/cluster/resource: see CustomResourcesTest.\n"
                + YamlWriter.yaml(tree);
    }

    ObjectNode schema() {
        return (ObjectNode) version().at("/schema/openAPIV3Schema");
    }

    private static String fileOf(Kind kind) {
        return kind.plural() + ".pillion.dev-v1.yml";
    }

    private ObjectNode version() {
        return (ObjectNode) tree.at("/spec/versions/0");
    }

    private void complete() {
        ObjectNode schema = schema();
        schema.put("description", DESCRIPTIONS.get(kind));
        schema.putArray("required").add("spec");
        ObjectNode spec = (ObjectNode) schema.at("/properties/spec");
        spec.put("description", SPECS.get(kind));
        keepUnknownFields(spec);
        ObjectNode status = (ObjectNode) schema.at("/properties/status");
        status.put("description", "Written by Pillion.");
        ObjectNode conditions = (ObjectNode) status.at("/properties/conditions");
        conditions
                .put("x-kubernetes-list-type", "map")
                .putArray("x-kubernetes-list-map-keys")
                .add("type");
        sayRulesOnce(schema);
        orderColumns();
    }

    /** For maps with known fields. */
    private static void keepUnknownFields(JsonNode schema) {
        if (schema instanceof ObjectNode map && schema.has("properties")) {
            map.put(KEEP, true);
        }
        schema.path("properties").forEach(CustomResourceDefinition::keepUnknownFields);
        if (schema.has("items")) {
            keepUnknownFields(schema.path("items"));
        }
    }

    /** The generator reads a record's annotations twice, from the field and from the accessor. */
    private static void sayRulesOnce(JsonNode node) {
        if (node.path(RULES) instanceof ArrayNode rules) {
            Set<JsonNode> once = new LinkedHashSet<>();
            rules.forEach(once::add);
            rules.removeAll().addAll(once);
        }
        node.forEach(CustomResourceDefinition::sayRulesOnce);
    }

    /** Columns in the order of the annotations, and not of their paths. */
    private void orderColumns() {
        List<String> order = Arrays.stream(TYPES.get(kind).getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        List<JsonNode> columns = version()
                .path("additionalPrinterColumns")
                .valueStream()
                .sorted(java.util.Comparator.comparing(
                        column -> order.indexOf(column.path("name").asText())))
                .toList();
        version()
                .set(
                        "additionalPrinterColumns",
                        JsonNodeFactory.instance.arrayNode().addAll(columns));
    }
}
