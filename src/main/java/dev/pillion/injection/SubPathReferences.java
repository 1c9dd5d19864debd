package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.pod.Container;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The environment variables that a mount's {@code subPathExpr} names. The kubelet expands it from the environment of the very
 * container that has the mount, so whoever shares the mount needs the same variables with the same values.
 */
record SubPathReferences(ProfileRequest request, String mountPath, List<JsonNode> variables) {

    /** A reference, or a dollar sign that is escaped by another and begins none. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([-A-Za-z0-9_.]+)\\)");

    /** Those of a mount, as its container sets them. */
    static SubPathReferences of(ProfileRequest request, Container container, JsonNode mount) throws Denial {
        String mountPath = mount.path("mountPath").asText();
        String expression = mount.path("subPathExpr").asText("");
        Set<String> seen = new LinkedHashSet<>();
        List<JsonNode> variables = new ArrayList<>();
        for (String name : references(expression)) {
            JsonNode variable = named(container.tree().path("env"), name)
                    .orElseThrow(() -> Denial.of(
                            request,
                            Code.DIRECTORY_NOT_SHAREABLE,
                            "container " + container.name() + " mounts " + mountPath + " with subPathExpr " + expression
                                    + ", and its env does not set " + name + "; set it there, or use subPath"));
            collect(variable, container, seen, variables);
        }
        return new SubPathReferences(request, mountPath, variables);
    }

    /** A variable's value may name others, which must then be set before it. */
    private static void collect(JsonNode variable, Container container, Set<String> seen, List<JsonNode> variables) {
        if (seen.add(variable.path("name").asText())) {
            for (String other : references(variable.path("value").asText(""))) {
                named(container.tree().path("env"), other)
                        .ifPresent(found -> collect(found, container, seen, variables));
            }
            variables.add(variable);
        }
    }

    private static Set<String> references(String text) {
        if (text.indexOf('$') < 0) {
            return Set.of();
        }
        Set<String> names = new LinkedHashSet<>();
        Matcher reference = REFERENCE.matcher(text);
        while (reference.find()) {
            if (reference.group(1) != null) {
                names.add(reference.group(1));
            }
        }
        return names;
    }

    /** Those that a container, given as its tree, still lacks. */
    List<JsonNode> missingIn(JsonNode container) throws Denial {
        List<JsonNode> missing = new ArrayList<>();
        for (JsonNode variable : variables) {
            Optional<JsonNode> own =
                    named(container.path("env"), variable.path("name").asText());
            if (own.isEmpty()) {
                missing.add(variable);
            } else if (!Presence.PLAIN.holds(own.get(), variable) && !Presence.PLAIN.holds(variable, own.get())) {
                throw Denial.of(
                        request,
                        Code.DIRECTORY_NOT_SHAREABLE,
                        mountPath + " is mounted with a subPathExpr that names "
                                + variable.path("name").asText()
                                + ", which container " + container.path("name").asText()
                                + " sets to something else; use subPath");
            }
        }
        return missing;
    }

    void bringTo(ObjectNode container) throws Denial {
        for (JsonNode variable : missingIn(container)) {
            container.withArray("/env").add(variable.deepCopy());
        }
    }

    private static Optional<JsonNode> named(JsonNode list, String name) {
        for (JsonNode element : list) {
            if (element.path("name").asText().equals(name)) {
                return Optional.of(element);
            }
        }
        return Optional.empty();
    }
}
