package dev.pillion.catalog.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.ContainerTemplate;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Profile;
import dev.pillion.expression.EvaluationException;
import dev.pillion.expression.Template;
import dev.pillion.expression.Values;
import dev.pillion.expression.Variables;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;

/** Profiles from the text of their spec. */
public final class Profiles {

    private Profiles() {}

    static Profile profile(String spec) {
        List<Problem> problems = new ArrayList<>();
        Profile profile =
                ProfileReader.read("test.yaml", document(whole(spec)), problems).orElse(null);
        assertThat(problems).isEmpty();
        return java.util.Objects.requireNonNull(profile);
    }

    static List<Problem> problems(String spec) {
        List<Problem> problems = new ArrayList<>();
        assertThat(ProfileReader.read("test.yaml", document(whole(spec)), problems)
                        .isPresent())
                .isEqualTo(problems.isEmpty());
        return problems;
    }

    public static Parameter parameter(String fields) {
        return profile("parameters: [{name: value, " + fields + "}]")
                .parameters()
                .get("value");
    }

    /** The only container of a profile, as Pillion adds it to a Pod. */
    static JsonNode container(String fields) {
        List<ContainerTemplate> containers =
                profile("sidecars:\n  - name: a\n" + fields.strip().indent(4)).containers();
        assertThat(containers).hasSize(1);
        return rendered(containers.getFirst().body());
    }

    public static JsonNode rendered(Template template) {
        return rendered(template, "{spec: {}}");
    }

    public static JsonNode rendered(Template template, String pod) {
        JsonNode tree = tree(pod);
        Variables variables = Variables.none()
                .with("pod", () -> Values.ofJson(tree))
                .with("app", () -> Values.ofJson(tree.at("/spec/containers/0")))
                .with("params", () -> Values.ofJson(tree("{}")));
        try {
            return template.render(variables);
        } catch (EvaluationException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    public static JsonNode tree(String yaml) {
        return document(yaml).tree();
    }

    private static String whole(String spec) {
        return """
                apiVersion: pillion.dev/v1alpha1
                kind: InjectionProfile
                metadata: {name: example}
                spec:
                  description: An example.
                """ + spec.indent(2);
    }

    private static Document document(String yaml) {
        try {
            return YamlReader.read(yaml).getFirst();
        } catch (YamlException e) {
            throw new AssertionError(yaml + "\nline " + e.line() + ": " + e.getMessage(), e);
        }
    }
}
