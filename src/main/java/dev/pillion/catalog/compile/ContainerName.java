package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import dev.pillion.catalog.ContainerTemplate.Repeat;
import dev.pillion.expression.Template;
import dev.pillion.expression.Template.Interpolated;
import dev.pillion.pod.DnsLabel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the name of a container in a profile. */
final class ContainerName {

    private static final String ANY_NAME = "[-a-z0-9]+";

    private ContainerName() {}

    static String read(JsonNode body, Fields fields, Optional<Repeat> forEach) {
        String name = body.path("name").asText("");
        if (name.isEmpty()) {
            fields.report("name", "is missing");
        } else if (!name.contains("${") && !DnsLabel.isValid(name)) {
            fields.report("name", "must be lower-case letters, digits and hyphens, is '" + name + "'");
        } else if (forEach.isPresent() && !name.contains("${")) {
            fields.report(
                    "name",
                    "must contain ${" + forEach.get().variable() + "…}, so that each container has a different name");
        }
        return name;
    }

    /** Matches the names that a container of the profile can have: each expression in its name can have any value. */
    static Pattern pattern(Template body, String name) {
        Template compiled = body instanceof Template.Fields(Map<String, Template> fields)
                ? fields.getOrDefault("name", body)
                : body;
        StringBuilder pattern = new StringBuilder();
        switch (compiled) {
            case Template.Whole whole -> pattern.append(ANY_NAME);
            case Interpolated(List<Interpolated.Part> parts) -> {
                for (Interpolated.Part part : parts) {
                    pattern.append(
                            switch (part) {
                                case Interpolated.Text(String text) -> Pattern.quote(text);
                                case Interpolated.Value value -> ANY_NAME;
                            });
                }
            }
            case Template.Constant constant -> pattern.append(Pattern.quote(name));
            case Template.Fields others -> pattern.append(Pattern.quote(name));
            case Template.Elements others -> pattern.append(Pattern.quote(name));
        }
        return Pattern.compile(pattern.toString());
    }
}
