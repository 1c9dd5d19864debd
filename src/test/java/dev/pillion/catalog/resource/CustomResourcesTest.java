package dev.pillion.catalog.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.pillion.catalog.compile.CatalogSchemaTest;
import dev.pillion.catalog.compile.Mistake;
import dev.pillion.catalog.compile.Mistakes;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlReader;
import dev.pillion.yaml.YamlWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The custom resource definitions match the readers and the editors' schemas, as far as the API server allows. */
class CustomResourcesTest {

    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);
    private static final Map<Kind, ObjectNode> SCHEMAS = schemas();

    /** Mistakes that the definitions do not find: values that can be an expression, fields of Kubernetes, and rules of Pillion. */
    private static final Pattern UNSEEN = Pattern.compile("apiVersion|kind|metadata.*"
            + "|spec\\.(app|pod)\\..*"
            + "|spec\\.(initContainers|sidecars)\\[\\d+]\\.(?!(name|image|when|forEach|inherit|files|critical)\\b).*"
            + "|spec\\.(initContainers|sidecars)\\[\\d+]\\.files\\[\\d+]\\.content.*"
            + "|spec\\.volumes\\[\\d+]\\.(?!name).*"
            + "|spec\\.sharedDirectories\\[\\d+]\\.emptyDir.*"
            + "|spec\\.parameters\\[\\d+]\\.default.*"
            + "|spec\\.profiles\\[\\d+]\\.parameters\\..*");

    /** Run with {@code -Dupdate=true} after {@code mvn process-classes} to write the files. */
    @ParameterizedTest
    @EnumSource
    void theCheckedInFilesAreTheGeneratedOnes(Kind kind) throws Exception {
        String text = CustomResourceDefinition.generated(kind).text();
        Path file = CustomResourceDefinition.file(kind);
        if (Boolean.getBoolean("update")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }

        assertThat(file).hasContent(text);
    }

    @ParameterizedTest
    @MethodSource("dev.pillion.catalog.compile.CatalogSchemaTest#validFiles")
    void everyValidFileCanBeApplied(Path file) throws Exception {
        for (Document document : YamlReader.read(Files.readString(file))) {
            assertThat(errors(document.tree())).isEmpty();
        }
    }

    @Test
    void mistakesInTypesAreRejected() throws Exception {
        Set<String> kinds = new TreeSet<>();
        List<Path> files = CatalogSchemaTest.validFiles()
                .filter(file -> !file.startsWith("src/test"))
                .toList();
        for (Path file : files) {
            for (Document document : YamlReader.read(Files.readString(file))) {
                for (Mistake mistake : Mistakes.in(document.tree(), CatalogSchemaTest.schemaOf(document.tree()))) {
                    if (Set.of("a missing field", "a wrong type", "an unknown word")
                                    .contains(mistake.kind())
                            && !UNSEEN.matcher(mistake.path()).matches()) {
                        kinds.add(mistake.kind());
                        assertThat(errors(mistake.tree()))
                                .as(() -> mistake.kind() + " at " + mistake.path() + " in\n"
                                        + YamlWriter.yaml(mistake.tree()))
                                .isNotEmpty();
                    }
                }
            }
        }
        assertThat(kinds).hasSize(3);
    }

    /** Pillion's own fields have the same names and descriptions in both. Fields of Kubernetes are not compared. */
    @ParameterizedTest
    @EnumSource
    void fieldsAndDescriptionsAreThoseOfTheEditorsSchema(Kind kind) throws Exception {
        JsonNode editors =
                CatalogSchemaTest.schemaOf(JsonNodeFactory.instance.objectNode().put("kind", kind.word()));
        Map<String, String> known = new TreeMap<>();
        collect(SCHEMAS.get(kind).at("/properties/spec"), "spec", known);
        Map<String, String> described = new TreeMap<>();
        collect(editors.at("/properties/spec"), "spec", described);

        assertThat(described).containsAllEntriesOf(known);
        assertThat(new TreeSet<>(described.keySet()))
                .filteredOn(path -> !UNSEEN.matcher(path.replace("[]", "[0]")).matches())
                .filteredOn(path -> !path.endsWith(".restartPolicy") && !path.endsWith("initContainers[].critical"))
                .allMatch(known::containsKey);
    }

    @ParameterizedTest
    @EnumSource
    void noMapLosesAnUnknownField(Kind kind) {
        List<String> closed = new ArrayList<>();
        findClosed(SCHEMAS.get(kind).at("/properties/spec"), "spec", closed);

        assertThat(closed).isEmpty();
    }

    private static void findClosed(JsonNode schema, String path, List<String> closed) {
        boolean open =
                schema.path("x-kubernetes-preserve-unknown-fields").asBoolean() || schema.has("additionalProperties");
        boolean map = schema.path("type").asText("object").equals("object")
                && !schema.path("x-kubernetes-int-or-string").asBoolean();
        if (map && !open) {
            closed.add(path);
        }
        schema.path("properties")
                .properties()
                .forEach(field -> findClosed(field.getValue(), path + "." + field.getKey(), closed));
        if (schema.has("items")) {
            findClosed(schema.path("items"), path + "[]", closed);
        }
    }

    /** The fields of a schema with their descriptions. */
    private static void collect(JsonNode schema, String path, Map<String, String> fields) {
        Set<String> words = new TreeSet<>();
        schema.path("enum").forEach(word -> words.add(word.asText()));
        fields.put(path, words.toString());
        schema.path("properties")
                .properties()
                .forEach(field -> collect(field.getValue(), path + "." + field.getKey(), fields));
        if (schema.has("items")) {
            collect(schema.path("items"), path + "[]", fields);
        }
    }

    private static List<Error> errors(JsonNode document) {
        Kind kind = document.path("kind").asText().equals(Kind.POLICY.word()) ? Kind.POLICY : Kind.PROFILE;
        return REGISTRY.getSchema(SCHEMAS.get(kind)).validate(document);
    }

    private static Map<Kind, ObjectNode> schemas() {
        Map<Kind, ObjectNode> schemas = new HashMap<>();
        for (Kind kind : Kind.values()) {
            try {
                schemas.put(kind, CustomResourceDefinition.generated(kind).schema());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (dev.pillion.yaml.YamlException e) {
                throw new AssertionError(e);
            }
        }
        return schemas;
    }
}
