package dev.pillion.catalog.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.pillion.catalog.compile.Sources.CompiledFile;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import dev.pillion.yaml.YamlWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON Schemas for editors match the readers. */
public class CatalogSchemaTest {

    private static final Path DIRECTORY = Path.of("docs/schema");
    private static final Map<String, ObjectNode> SCHEMAS =
            Map.of(ProfileReader.KIND, new ProfileSchema().document(), PolicyReader.KIND, PolicySchema.document());
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);

    /** Files that together contain every map of Pillion's own schema. */
    private static final Map<String, String> FULL = Map.of(ProfileReader.KIND, """
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionProfile
            metadata: {name: full}
            spec:
              description: Everything.
              parameters: [{name: list, type: list, default: [a]}]
              sidecars:
                - name: tail-${item}
                  image: busybox:1.37
                  forEach: {item: "${params.list}"}
                  files: [{path: /etc/tail/tail.json, content: {}}]
              sharedDirectories: [{path: /data}]
              app: {env: []}
              pod: {labels: {}}
              skipWhen: [{name: never, expression: "false", message: Never.}]
              warnWhen: [{name: never, expression: "false", message: Never.}]
            """, PolicyReader.KIND, """
            apiVersion: pillion.dev/v1alpha1
            kind: InjectionPolicy
            metadata: {name: full}
            spec:
              mode: Audit
              match:
                namespaceSelector: {matchExpressions: [{key: a, operator: Exists}]}
                podSelector: {}
                matchConditions: [{name: always, expression: "true"}]
              profiles: [{name: env}]
            """);

    /** Run with {@code -Dupdate=true} to write them. */
    @ParameterizedTest
    @ValueSource(strings = {ProfileReader.KIND, PolicyReader.KIND})
    void theCheckedInSchemaIsTheGeneratedOne(String kind) throws Exception {
        Path file = DIRECTORY.resolve(fileOf(kind));
        String text = YamlWriter.json(SCHEMAS.get(kind));
        if (Boolean.getBoolean("update")) {
            Files.createDirectories(DIRECTORY);
            Files.writeString(file, text);
        }
        assertThat(file).hasContent(text);
    }

    /** A reader lists its known fields if a field is unknown. */
    @ParameterizedTest
    @CsvSource({
        "InjectionProfile, '', ''",
        "InjectionProfile, spec, properties/spec",
        "InjectionProfile, spec.parameters[0], properties/spec/properties/parameters/items",
        "InjectionProfile, spec.sidecars[0].files[0], properties/spec/properties/sidecars/items/properties/files/items",
        "InjectionProfile, spec.sharedDirectories[0], properties/spec/properties/sharedDirectories/items",
        "InjectionProfile, spec.app, properties/spec/properties/app",
        "InjectionProfile, spec.pod, properties/spec/properties/pod",
        "InjectionProfile, spec.skipWhen[0], properties/spec/properties/skipWhen/items",
        "InjectionProfile, spec.warnWhen[0], properties/spec/properties/warnWhen/items",
        "InjectionPolicy, '', ''",
        "InjectionPolicy, spec, properties/spec",
        "InjectionPolicy, spec.match, properties/spec/properties/match",
        "InjectionPolicy, spec.match.namespaceSelector, properties/spec/properties/match/properties/namespaceSelector",
        "InjectionPolicy, spec.match.namespaceSelector.matchExpressions[0], "
                + "properties/spec/properties/match/properties/namespaceSelector/properties/matchExpressions/items",
        "InjectionPolicy, spec.match.podSelector, properties/spec/properties/match/properties/podSelector",
        "InjectionPolicy, spec.match.matchConditions[0], properties/spec/properties/match/properties/matchConditions/items",
        "InjectionPolicy, spec.profiles[0], properties/spec/properties/profiles/items"
    })
    void theSchemaOfAMapHasTheFieldsOfItsReader(String kind, String path, String schema) throws Exception {
        JsonNode document = tree(FULL.get(kind));
        String pointer = path.isEmpty()
                ? ""
                : "/" + path.replace(".", "/").replace("[", "/").replace("]", "");
        ((ObjectNode) document.at(pointer)).put("unheardOfAnywhere", 1);

        JsonNode map = SCHEMAS.get(kind).at(schema.isEmpty() ? "" : "/" + schema);
        Set<String> fields = new TreeSet<>();
        map.path("properties").fieldNames().forEachRemaining(fields::add);

        assertThat(problems(document))
                .containsExactly((path.isEmpty() ? "" : path + ".")
                        + "unheardOfAnywhere: unknown field 'unheardOfAnywhere'; known: " + String.join(", ", fields));
        assertThat(map.path("additionalProperties")).hasToString("false");
        assertThat(errors(document)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"initContainers", "sidecars"})
    void aContainerHasPillionsOwnFieldsBesideKubernetes(String field) {
        JsonNode container =
                SCHEMAS.get(ProfileReader.KIND).at("/properties/spec/properties/" + field + "/items/properties");

        assertThat(container.fieldNames())
                .toIterable()
                .containsAll(ContainerReader.OWN_FIELDS)
                .contains("image", "securityContext", "volumeMounts");
    }

    @ParameterizedTest
    @MethodSource("validFiles")
    void acceptsEveryFileThatTheReadersAccept(Path file) throws Exception {
        for (Document document : YamlReader.read(Files.readString(file))) {
            assertThat(errors(document.tree())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "access-unknown",
                "container-critical-init",
                "container-field-of-the-wrong-type",
                "container-inherit",
                "container-order",
                "container-restart-policy",
                "container-without-image",
                "description-missing",
                "document-of-another-version",
                "field-unknown-in-spec",
                "field-unknown-in-file",
                "file-content-missing",
                "name-with-capitals",
                "parameter-type",
                "parameter-values",
                "policy-percentage-above-100",
                "policy-of-unknown-mode",
                "policy-with-unknown-operator",
                "policy-without-match",
                "policy-without-profiles",
                "spec-is-a-list"
            })
    void rejectsMistakesThatAnEditorCanFind(String name) throws Exception {
        JsonNode tree = tree(Files.readString(Path.of("src/test/resources/catalog/invalid", name + ".yaml")));

        assertThat(errors(tree)).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleNamesItsSchemaForEditors(Path file) throws Exception {
        String text = Files.readString(file);
        String prefix = "# yaml-language-server: $schema=";

        assertThat(text).startsWith(prefix);
        Path schema = file.resolveSibling(text.lines().findFirst().orElseThrow().substring(prefix.length()));
        assertThat(schema.normalize())
                .isEqualTo(DIRECTORY.resolve(fileOf(tree(text).path("kind").asText())))
                .exists();
    }

    static List<Error> errors(JsonNode document) {
        return REGISTRY.getSchema(schemaOf(document)).validate(document);
    }

    public static ObjectNode schemaOf(JsonNode document) {
        return SCHEMAS.getOrDefault(document.path("kind").asText(), SCHEMAS.get(ProfileReader.KIND));
    }

    static Predicate<JsonNode> takes(JsonNode schema) {
        Schema compiled = REGISTRY.getSchema(schema);
        return value -> compiled.validate(value).isEmpty();
    }

    static Stream<Path> examples() throws IOException {
        return Stream.of("examples/profiles", "examples/platform").flatMap(CatalogSchemaTest::files);
    }

    public static Stream<Path> validFiles() throws IOException {
        return Stream.concat(
                examples(),
                Stream.of("src/main/resources/profiles", "src/test/resources/catalog/valid")
                        .flatMap(CatalogSchemaTest::files));
    }

    private static Stream<Path> files(String directory) {
        try {
            return CatalogReader.files(Path.of(directory)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> problems(JsonNode tree) throws YamlException {
        List<Problem> problems = new ArrayList<>();
        Sources sources = new Sources(CatalogReader.builtIn());
        sources.add(CompiledFile.of("full.yaml", YamlWriter.yaml(tree)));
        try {
            sources.catalog();
        } catch (InvalidCatalogException e) {
            problems.addAll(e.problems());
        }
        return problems.stream()
                .map(problem -> problem.path() + ": " + problem.message())
                .toList();
    }

    private static JsonNode tree(String yaml) throws YamlException {
        return YamlReader.read(yaml).getFirst().tree();
    }

    private static String fileOf(String kind) {
        return kind.toLowerCase(Locale.ROOT) + ".schema.json";
    }
}
