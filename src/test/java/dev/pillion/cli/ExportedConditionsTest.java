package dev.pillion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntimeFactory;
import dev.pillion.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The results of exported expressions for Pods, with the CEL dialect of the API server. */
class ExportedConditionsTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                    | true
                    {os: {name: windows}}                                 | false
                    {os: {name: linux}, nodeSelector: {kubernetes.io/os: windows}} | true
                    {nodeSelector: {kubernetes.io/os: windows}}           | false
                    {nodeSelector: {beta.kubernetes.io/os: windows}}      | false
                    {nodeSelector: {kubernetes.io/os: linux}}             | true
                    {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: In, values: [windows]}]}]}}}} | false
                    {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: NotIn, values: [linux]}]}]}}}} | false
                    {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: NotIn, values: [windows]}]}]}}}} | true
                    {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: In, values: [windows]}]}, {}]}}}} | true
                    """)
    void selectsPodsThatAreNotForWindows(String spec, boolean expected) throws Exception {
        JsonNode conditions = policy("Enforce").at("/spec/matchConditions");
        String expression = "";
        for (JsonNode condition : conditions) {
            if (condition.path("name").asText().equals("pillion.dev/not-for-windows")) {
                expression = condition.path("expression").asText();
            }
        }

        assertThat(evaluate(expression, Map.of("object", Map.of("spec", map(spec)))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "Enforce, istio-proxy, example.com/app:1, 2",
        "Enforce, istio-proxy, istio/proxyv2:1.28.0, 1",
        "Enforce, istio-proxy, docker.io/istio/proxyv2@sha256:0, 1",
        "Enforce, istio-proxy, evil.example.com/docker.io/istio/proxyv2, 2",
        "Enforce, consul-dataplane-web, hashicorp/consul-dataplane:1, 1",
        "Enforce, consul-dataplane-web, example.com/app, 2",
        "Default, istio-proxy, example.com/app:1, 1",
        "Default, wait, quay.io/argoproj/argoexec:v3, 1",
        "Default, wait, example.com/batch:1, 2",
        "Default, consul-dataplane-web, example.com/app, 1"
    })
    void selectsTheContainersOfTheApp(String mode, String name, String image, int apps) throws Exception {
        JsonNode variables = policy(mode).at("/spec/variables");
        Object sidecars = evaluate(variables.at("/0/expression").asText(), Map.of());

        Object found = evaluate(
                variables.at("/1/expression").asText() + ".size()",
                Map.of(
                        "variables",
                        Map.of("sidecars", sidecars),
                        "object",
                        Map.of(
                                "spec",
                                map("{containers: [{name: web, image: w}, {name: " + name + ", image: '" + image
                                        + "'}]}"))));

        assertThat(found).isEqualTo((long) apps);
    }

    private JsonNode policy(String mode) throws Exception {
        Files.writeString(directory.resolve("must.yaml"), """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionPolicy
                metadata: {name: must}
                spec:
                  mode: %s
                  match: {}
                  profiles: [{name: env, parameters: {variables: "A=b"}}]
                """.formatted(mode));
        Run run = Run.of("export", "--to", "mutating-admission-policy", "--profiles", directory.toString(), "must");
        assertThat(run.code()).as(run.err()).isZero();
        return run.documents().getFirst();
    }

    private static Map<?, ?> map(String yaml) throws Exception {
        return JsonMapper.builder()
                .build()
                .convertValue(YamlReader.read(yaml).getFirst().tree(), Map.class);
    }

    private static Object evaluate(String expression, Map<String, ?> variables) throws Exception {
        CelAbstractSyntaxTree tree = CelCompilerFactory.standardCelCompilerBuilder()
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(CelExtensions.optional())
                .addVar("object", SimpleType.DYN)
                .addVar("variables", SimpleType.DYN)
                .build()
                // cel-java wraps chained optional fields once too often (cel-java#1083), so this is an equivalent
                // expression.
                .compile(expression.replaceAll("\\.\\?([A-Za-z]+)", "[?\"$1\"]"))
                .getAst();
        return CelRuntimeFactory.standardCelRuntimeBuilder()
                .addLibraries(CelExtensions.optional())
                .build()
                .createProgram(tree)
                .eval(variables);
    }
}
