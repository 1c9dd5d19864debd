package dev.pillion.catalog.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntimeFactory;
import dev.pillion.catalog.compile.CatalogReader;
import dev.pillion.catalog.compile.InvalidCatalogException;
import dev.pillion.catalog.resource.CatalogResource.Kind;
import dev.pillion.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rule in the CustomResourceDefinition of policies about {@code profiles} accepts the same lists as the reader of policies. */
class PolicyProfilesRuleTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: logging}                                                             | true",
                "{name: logging}, {name: proxy}                                              | true",
                "{name: logging}, {name: logging, instance: audit}                           | true",
                "{name: logging, instance: a}, {name: logging, instance: b}, {name: logging} | true",
                "{name: logging, instance: a}, {name: proxy, instance: a}                    | true",
                "{name: logging}, {name: logging}                                            | false",
                "{name: logging}, {name: proxy}, {name: logging}                             | false",
                "{name: logging, instance: a}, {name: logging, instance: a}                  | false",
                "{name: logging, instance: a}, {name: logging}, {name: logging, instance: a} | false"
            })
    void acceptsEachProfileAndEachInstanceOnce(String profiles, boolean accepted) throws Exception {
        assertThat(isAcceptedByTheRule(profiles)).isEqualTo(accepted);
        assertThat(isAcceptedByTheReader(profiles)).isEqualTo(accepted);
    }

    /** The API server estimates the cost of a rule from the lengths, and refuses a definition whose rule can be too expensive. */
    @Test
    void readsOnlyFieldsOfLimitedLength() throws Exception {
        JsonNode profiles = profilesSchema();

        assertThat(profiles.path("maxItems").asInt()).isEqualTo(256);
        assertThat(profiles.at("/items/properties/name/maxLength").asInt()).isEqualTo(63);
        assertThat(profiles.at("/items/properties/instance/maxLength").asInt()).isEqualTo(63);
    }

    private static boolean isAcceptedByTheRule(String profiles) throws Exception {
        JsonNode rules = profilesSchema().path("x-kubernetes-validations");
        assertThat(rules).hasSize(1);
        var compiler = CelCompilerFactory.standardCelCompilerBuilder()
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVar("self", ListType.create(SimpleType.DYN))
                .build();
        var program = CelRuntimeFactory.standardCelRuntimeBuilder()
                .build()
                .createProgram(
                        compiler.compile(rules.get(0).path("rule").asText()).getAst());
        JsonNode list = YamlReader.read("[" + profiles + "]").getFirst().tree();
        return (boolean) program.eval(Map.of("self", JSON.convertValue(list, List.class)));
    }

    private boolean isAcceptedByTheReader(String profiles) throws Exception {
        Files.writeString(directory.resolve("policy.yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: all}
                spec: {mode: Default, match: {}, profiles: [%s]}
                """.formatted(profiles));
        try {
            CatalogReader.read(directory);
            return true;
        } catch (InvalidCatalogException e) {
            assertThat(e).hasMessageContaining("is defined twice");
            return false;
        }
    }

    private static JsonNode profilesSchema() throws Exception {
        return YamlReader.read(Files.readString(CustomResourceDefinition.file(Kind.POLICY)))
                .getFirst()
                .tree()
                .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/profiles");
    }
}
