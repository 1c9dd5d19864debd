package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.injection.reason.DeniedException;
import dev.pillion.injection.reason.ProfileRequest;
import dev.pillion.injection.reason.ReasonCode;
import dev.pillion.pod.Container;
import dev.pillion.pod.EnvironmentReferences;
import dev.pillion.pod.ListIndex;
import dev.pillion.pod.SubsetMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The environment variables that a mount's {@code subPathExpr} names. The kubelet expands it from the environment of the container that has the
 * mount, so each container that shares the mount needs the same variables with the same values.
 */
record SubPathReferences(ProfileRequest request, String mountPath, List<JsonNode> variables) {

    /** The variables of a mount. They are denied if they could name another directory in another container. */
    static SubPathReferences exactlyOf(ProfileRequest request, Container container, JsonNode mount)
            throws DeniedException {
        SubPathReferences references = of(request, container, mount);
        if (!references.variables().isEmpty()) {
            references.checkSameElsewhere(container);
        }
        return references;
    }

    /** The variables of a mount, from the environment of its container. */
    static SubPathReferences of(ProfileRequest request, Container container, JsonNode mount) throws DeniedException {
        String mountPath = mount.path("mountPath").asText();
        String expression = mount.path("subPathExpr").asText("");
        Set<String> names = EnvironmentReferences.in(expression);
        if (names.isEmpty()) {
            return new SubPathReferences(request, mountPath, List.of());
        }
        ListIndex env = ListIndex.byName(container.tree().path("env"));
        for (String name : names) {
            if (env.get(name).isEmpty()) {
                throw DeniedException.of(
                        request,
                        ReasonCode.DIRECTORY_NOT_SHAREABLE,
                        "container " + container.name() + " mounts " + Excerpt.of(mountPath) + " with subPathExpr "
                                + Excerpt.of(expression) + ", and its env does not set " + Excerpt.of(name)
                                + "; set it there, or use subPath");
            }
        }
        return new SubPathReferences(
                request, mountPath, EnvironmentReferences.inOrder(names, name -> env.get(name).stream()
                        .findFirst()));
    }

    /**
     * Denies variables that could have another value in another container. Of two variables with one name, the kubelet takes the last one. It does
     * not expand a reference to a variable that is not set before. Resources differ between containers.
     */
    private void checkSameElsewhere(Container container) throws DeniedException {
        Map<String, Integer> places = new HashMap<>();
        Set<String> twice = new HashSet<>();
        int next = 0;
        for (JsonNode variable : container.tree().path("env")) {
            String name = variable.path("name").asText();
            if (places.putIfAbsent(name, next++) != null) {
                twice.add(name);
            }
        }
        for (JsonNode variable : variables) {
            String name = variable.path("name").asText();
            if (twice.contains(name)) {
                throw notTheSame(container, name, "env sets twice; set it once");
            }
            JsonNode source = variable.path("valueFrom");
            boolean ofContainer = source.has("resourceFieldRef")
                    && source.path("resourceFieldRef")
                            .path("containerName")
                            .asText("")
                            .isEmpty();
            if (ofContainer || source.has("fileKeyRef")) {
                throw notTheSame(container, name, "may have another value in each container; use subPath");
            }
            int place = places.getOrDefault(name, 0);
            for (String reference : EnvironmentReferences.of(variable)) {
                if (places.getOrDefault(reference, Integer.MAX_VALUE) >= place) {
                    throw notTheSame(
                            container,
                            name,
                            "names " + Excerpt.of(reference) + ", which env does not set before it; set it there");
                }
            }
        }
    }

    private DeniedException notTheSame(Container container, String name, String problem) {
        return DeniedException.of(
                request,
                ReasonCode.DIRECTORY_NOT_SHAREABLE,
                "container " + container.name() + " mounts " + Excerpt.of(mountPath) + " with a subPathExpr that names "
                        + Excerpt.of(name) + ", which " + problem);
    }

    /** The variables that a container does not have yet. */
    List<JsonNode> missingIn(JsonNode container) throws DeniedException {
        if (variables.isEmpty()) {
            return List.of();
        }
        ListIndex env = ListIndex.byName(container.path("env"));
        List<JsonNode> missing = new ArrayList<>();
        for (JsonNode variable : variables) {
            String name = variable.path("name").asText();
            Optional<JsonNode> own = env.get(name).stream().findFirst();
            if (own.isEmpty()) {
                missing.add(variable);
            } else if (!SubsetMatcher.PLAIN.matches(own.get(), variable)
                    && !SubsetMatcher.PLAIN.matches(variable, own.get())) {
                throw DeniedException.of(
                        request,
                        ReasonCode.DIRECTORY_NOT_SHAREABLE,
                        Excerpt.of(mountPath) + " is mounted with a subPathExpr that names " + Excerpt.of(name)
                                + ", which container " + container.path("name").asText()
                                + " sets to another value; use subPath");
            }
        }
        return missing;
    }

    ArrayNode asList() {
        return JsonNodeFactory.instance.arrayNode(variables.size()).addAll(variables);
    }

    void addTo(ObjectNode container) throws DeniedException {
        for (JsonNode variable : missingIn(container)) {
            container.withArray("/env").add(variable.deepCopy());
        }
    }
}
