package dev.pillion.cli.profiles;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.catalog.Parameter;
import dev.pillion.catalog.Profile;
import dev.pillion.catalog.parameter.InvalidValueException;
import dev.pillion.injection.reason.Annotations;
import dev.pillion.yaml.YamlWriter;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An example of the annotations that request a profile. It sets the required parameters, or else the first one with a plain default. */
final class AnnotationExample {

    /** An example in a description, as in "Address of the service, for example http://collector:4318." A plain word is not an example. */
    private static final Pattern DESCRIBED =
            Pattern.compile("\\b(?:for example|as) (\\S*[^\\s\\w.,;]\\S*?)[.,;]?(?=\\s|$)");

    private static final String CHECKSUM = "0".repeat(64);

    private AnnotationExample() {}

    static String of(Profile profile) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        ObjectNode annotations = metadata.putObject("annotations").put(Annotations.INJECT, profile.name());
        List<Parameter> required = profile.parameters().values().stream()
                .filter(Parameter::required)
                .toList();
        List<Parameter> shown = required.isEmpty() ? one(profile) : required;
        shown.forEach(parameter ->
                annotations.put(Annotations.parameter(profile.name(), parameter.name()), value(parameter)));
        return YamlWriter.yaml(JsonNodeFactory.instance.objectNode().set("metadata", metadata));
    }

    private static List<Parameter> one(Profile profile) {
        return profile.parameters().values().stream()
                .filter(Parameter::overridable)
                .filter(AnnotationExample::hasPlainDefault)
                .limit(1)
                .toList();
    }

    private static boolean hasPlainDefault(Parameter parameter) {
        return !parameter.defaultText().isEmpty() && !parameter.defaultText().contains("${");
    }

    private static String value(Parameter parameter) {
        if (hasPlainDefault(parameter)) {
            return parameter.defaultText();
        }
        Stream<String> described =
                DESCRIBED.matcher(parameter.description()).results().map(result -> result.group(1));
        return Stream.concat(described, candidates(parameter).stream())
                .filter(candidate -> fits(parameter, candidate))
                .findFirst()
                .orElse("…");
    }

    private static boolean fits(Parameter parameter, String candidate) {
        try {
            parameter.parse(candidate);
            return true;
        } catch (InvalidValueException e) {
            return false;
        }
    }

    private static List<String> candidates(Parameter parameter) {
        return switch (parameter.type()) {
            case STRING ->
                List.of("value", "http://service.namespace:8080", "service.namespace:8080", "/value", "1", CHECKSUM);
            case INTEGER ->
                List.of(
                        "1",
                        parameter.minimum().map(String::valueOf).orElse("0"),
                        parameter.maximum().map(String::valueOf).orElse("0"));
            case BOOLEAN -> List.of("true");
            case PORT ->
                List.of("8080", parameter.minimum().map(String::valueOf).orElse("1"));
            case PATH -> List.of("/var/log/app", "/data");
            case PATHS -> List.of("/var/log/app, /var/log/nginx", "/data");
            case DURATION -> List.of("30s");
            case QUANTITY -> List.of("64Mi");
            case IMAGE -> List.of("registry.example/team/app:1.0");
            case ENUM -> parameter.values();
            case LIST -> List.of("one, two", "/one, /two", "1, 2");
            case MAP -> List.of("KEY=value", "key=value");
            case ENDPOINTS -> List.of("db:5432");
            case RESOURCES -> List.of("guaranteed");
        };
    }
}
