package dev.pillion.injection.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mount's {@code subPathExpr} and the variables that it names, with a prefix. A companion needs the variables to see the same directory as the
 * app. An enforced companion gets them with the prefix, since a variable that the app chooses, such as {@code PATH} or {@code LD_PRELOAD}, could
 * change what the companion runs.
 */
record PrivateReferences(ObjectNode mount, List<JsonNode> variables) {

    static final String PREFIX = "PILLION_SUBPATH_";

    /** A reference, or an escaped dollar sign, which is not part of a reference. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([-A-Za-z0-9_.]+)\\)");

    /** @param variables of the app that the mount's {@code subPathExpr} names, each after the variables that it refers to */
    static PrivateReferences of(ObjectNode mount, List<JsonNode> variables) {
        if (variables.isEmpty()) {
            return new PrivateReferences(mount, variables);
        }
        ObjectNode renamed = mount.deepCopy();
        renamed.put("subPathExpr", renamed(mount.path("subPathExpr").asText(), name -> true));
        Set<String> names = new HashSet<>();
        List<JsonNode> own = variables.stream()
                .map(variable -> {
                    ObjectNode copy = variable.deepCopy();
                    String name = variable.path("name").asText();
                    if (variable.path("value").isTextual()) {
                        copy.put("value", renamed(variable.path("value").textValue(), names::contains));
                    }
                    names.add(name);
                    return (JsonNode) copy.put("name", PREFIX + name);
                })
                .toList();
        return new PrivateReferences(renamed, own);
    }

    private static String renamed(String text, Predicate<String> isOurs) {
        return REFERENCE.matcher(text).replaceAll(reference -> Matcher.quoteReplacement(rename(reference, isOurs)));
    }

    private static String rename(MatchResult reference, Predicate<String> isOurs) {
        String name = reference.group(1);
        return name != null && isOurs.test(name) ? "$(" + PREFIX + name + ")" : reference.group();
    }
}
