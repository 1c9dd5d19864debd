package dev.pillion.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The references {@code $(NAME)} between environment variables. The kubelet replaces a reference only if the variable comes earlier in the list,
 * and {@code $$} is an escaped dollar sign (k8s.io/kubernetes/third_party/forked/golang/expansion).
 */
public final class EnvironmentReferences {

    /** A reference, or an escaped dollar sign. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([-A-Za-z0-9_.]+)\\)");

    private EnvironmentReferences() {}

    /** The names that a text refers to, in their order. */
    public static Set<String> in(String text) {
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

    /** The names that the value of a variable refers to. */
    public static Set<String> of(JsonNode variable) {
        return in(variable.path("value").asText(""));
    }

    /**
     * These variables and the variables to which they refer, each after its references. Variables in a cycle are in the order in which they are
     * found: the kubelet does not replace such references.
     *
     * @param variables finds a variable by its name
     */
    public static List<JsonNode> inOrder(Collection<String> names, Function<String, Optional<JsonNode>> variables) {
        Set<String> seen = new HashSet<>();
        List<JsonNode> ordered = new ArrayList<>();
        // No recursion: a chain can be longer than a thread's stack.
        Deque<Visit> path = new ArrayDeque<>();
        path.push(new Visit(Optional.empty(), names.iterator()));
        while (!path.isEmpty()) {
            Visit visit = path.peek();
            if (visit.references().hasNext()) {
                String name = visit.references().next();
                Optional<JsonNode> found = variables.apply(name);
                if (found.isPresent() && seen.add(name)) {
                    path.push(new Visit(found, of(found.get()).iterator()));
                }
            } else {
                path.pop().variable().ifPresent(ordered::add);
            }
        }
        return ordered;
    }

    /** A variable with its remaining references. The first visit has no variable and contains the requested names. */
    private record Visit(Optional<JsonNode> variable, Iterator<String> references) {}
}
