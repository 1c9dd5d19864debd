package dev.pillion.expression;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import dev.pillion.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small Pod, its parameters, and a schema of them that has every type. */
final class Sample {

    static final Struct POD = new Struct("Pod");
    static final Struct CONTAINER = new Struct("Container");

    static final Schema SCHEMA = new Schema(Map.of(
            "Pod", Map.of("metadata", new Struct("Metadata"), "spec", new Struct("Spec")),
            "Namespace", Map.of("metadata", new Struct("Metadata")),
            "Metadata", Map.of("name", Scalar.STRING, "labels", new MapOf(Scalar.STRING)),
            "Spec",
                    Map.of(
                            "hostNetwork",
                            Scalar.BOOLEAN,
                            "priority",
                            Scalar.INTEGER,
                            "securityContext",
                            new Struct("SecurityContext"),
                            "containers",
                            new ListOf(CONTAINER)),
            "SecurityContext", Map.of("runAsUser", Scalar.INTEGER),
            "Container",
                    Map.of(
                            "name", Scalar.STRING,
                            "args", new ListOf(Scalar.EXPANDED_STRING),
                            "env", new ListOf(new Struct("EnvVar")),
                            "limits", new MapOf(Scalar.QUANTITY),
                            "port", Scalar.INTEGER_OR_STRING,
                            "ratio", Scalar.NUMBER,
                            "tty", Scalar.BOOLEAN,
                            "priority", Scalar.INTEGER),
            "EnvVar", Map.of("name", Scalar.STRING, "value", Scalar.EXPANDED_STRING),
            "Params",
                    Map.of(
                            "path",
                            Scalar.STRING,
                            "count",
                            Scalar.INTEGER,
                            "files",
                            new ListOf(Scalar.STRING),
                            "variables",
                            new MapOf(Scalar.STRING))));

    static final String POD_TEXT = """
            metadata:
              name: web
              labels: {app: web}
            spec:
              priority: 5
              hostNetwork: null
              securityContext: {runAsUser: 1000}
              containers:
                - {name: app, port: http}
                - {name: helper, port: 8080}
              newField: [1, two, true]
            """;

    static final String PARAMS_TEXT = """
            path: /var/$(HOME)
            count: 3
            files: ["*.log", "*.out"]
            variables: {FIRST: one, SECOND: $(FIRST)}
            """;

    static final ExpressionCompiler COMPILER = new ExpressionCompiler(
            SCHEMA,
            Map.of("pod", POD, "namespace", new Struct("Namespace"), "app", CONTAINER, "params", new Struct("Params")));

    private Sample() {}

    static Variables variables() {
        return Variables.none()
                .with("pod", () -> Values.ofJson(tree(POD_TEXT)))
                .with("namespace", () -> Values.ofJson(tree("{metadata: {name: shop, labels: {team: payments}}}")))
                .with("app", () -> Values.ofJson(tree(POD_TEXT).at("/spec/containers/0")))
                .with("params", () -> Values.ofJson(tree(PARAMS_TEXT)));
    }

    static JsonNode evaluate(String source) throws ExpressionException, EvaluationException {
        return COMPILER.compile(source).evaluate(variables());
    }

    /** The problem of a template for a field; empty if there is none. */
    static List<String> problems(String template, Type type) {
        List<String> problems = new ArrayList<>();
        new TemplateCompiler(COMPILER, (place, message) -> problems.add(place + ": " + message))
                .compile(tree(template), type, "field");
        return problems;
    }

    /** A template for a field, rendered for the sample Pod. */
    static JsonNode render(String template, Type type) throws EvaluationException {
        return render(tree(template), type);
    }

    static JsonNode render(JsonNode template, Type type) throws EvaluationException {
        return new TemplateCompiler(COMPILER, (place, message) -> {
                    throw new AssertionError(place + ": " + message);
                })
                .compile(template, type, "field")
                .render(variables());
    }

    static JsonNode tree(String yaml) {
        try {
            return YamlReader.read(yaml).getFirst().tree();
        } catch (dev.pillion.yaml.YamlException e) {
            throw new AssertionError(e.line() + ": " + e.getMessage(), e);
        }
    }
}
