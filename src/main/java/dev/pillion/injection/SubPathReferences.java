package dev.pillion.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.pod.Container;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

    /** Those of a mount, as its container sets them, where every container that sets them so comes to the same directory. */
    static SubPathReferences exactlyOf(ProfileRequest request, Container container, JsonNode mount) throws Denial {
        SubPathReferences references = of(request, container, mount);
        if (!references.variables().isEmpty()) {
            references.checkSameElsewhere(container);
        }
        return references;
    }

    /** Those of a mount, as its container sets them. */
    static SubPathReferences of(ProfileRequest request, Container container, JsonNode mount) throws Denial {
        String mountPath = mount.path("mountPath").asText();
        String expression = mount.path("subPathExpr").asText("");
        Set<String> names = references(expression);
        if (names.isEmpty()) {
            return new SubPathReferences(request, mountPath, List.of());
        }
        ListIndex env = ListIndex.byName(container.tree().path("env"));
        for (String name : names) {
            if (env.get(name).isEmpty()) {
                throw Denial.of(
                        request,
                        Code.DIRECTORY_NOT_SHAREABLE,
                        "container " + container.name() + " mounts " + Excerpt.of(mountPath) + " with subPathExpr "
                                + Excerpt.of(expression) + ", and its env does not set " + Excerpt.of(name)
                                + "; set it there, or use subPath");
            }
        }
        return new SubPathReferences(request, mountPath, withReferences(names, env));
    }

    /**
     * Refuses what would not name the same directory in another container: the kubelet takes the last of two variables of one name, leaves
     * a reference as it is to what is not set before it, and has a container's resources differ.
     */
    private void checkSameElsewhere(Container container) throws Denial {
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
            for (String reference : references(variable.path("value").asText(""))) {
                if (places.getOrDefault(reference, Integer.MAX_VALUE) >= place) {
                    throw notTheSame(
                            container,
                            name,
                            "names " + Excerpt.of(reference) + ", which env does not set before it; set it there");
                }
            }
        }
    }

    private Denial notTheSame(Container container, String name, String problem) {
        return Denial.of(
                request,
                Code.DIRECTORY_NOT_SHAREABLE,
                "container " + container.name() + " mounts " + Excerpt.of(mountPath) + " with a subPathExpr that names "
                        + Excerpt.of(name) + ", which " + problem);
    }

    /**
     * The variables and all that their values name, each after those that it names. Names that form a circle stand in the order in which
     * they are found: the kubelet leaves such references as they are.
     */
    private static List<JsonNode> withReferences(Set<String> names, ListIndex env) {
        Set<String> seen = new HashSet<>();
        List<JsonNode> variables = new ArrayList<>();
        // A chain may be longer than a thread's stack is deep.
        Deque<Visit> path = new ArrayDeque<>();
        path.push(new Visit(Optional.empty(), names.iterator()));
        while (!path.isEmpty()) {
            Visit visit = path.peek();
            if (visit.references().hasNext()) {
                String name = visit.references().next();
                List<JsonNode> found = env.get(name);
                if (!found.isEmpty() && seen.add(name)) {
                    JsonNode variable = found.getFirst();
                    path.push(new Visit(
                            Optional.of(variable),
                            references(variable.path("value").asText("")).iterator()));
                }
            } else {
                path.pop().variable().ifPresent(variables::add);
            }
        }
        return variables;
    }

    /** A variable whose references are being followed; the mount's own have none. */
    private record Visit(Optional<JsonNode> variable, Iterator<String> references) {}

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
            } else if (!Presence.PLAIN.holds(own.get(), variable) && !Presence.PLAIN.holds(variable, own.get())) {
                throw Denial.of(
                        request,
                        Code.DIRECTORY_NOT_SHAREABLE,
                        Excerpt.of(mountPath) + " is mounted with a subPathExpr that names " + Excerpt.of(name)
                                + ", which container " + container.path("name").asText()
                                + " sets to something else; use subPath");
            }
        }
        return missing;
    }

    ArrayNode asList() {
        return JsonNodeFactory.instance.arrayNode(variables.size()).addAll(variables);
    }

    void bringTo(ObjectNode container) throws Denial {
        for (JsonNode variable : missingIn(container)) {
            container.withArray("/env").add(variable.deepCopy());
        }
    }
}
