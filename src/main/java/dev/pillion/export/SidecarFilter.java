package dev.pillion.export;

import dev.pillion.injection.settings.KnownSidecars;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The list of known third-party sidecars in the API server's CEL. */
final class SidecarFilter {

    /** After a repository: a tag, a digest, both or neither. */
    private static final String END = "(:[^/]*)?(@.*)?$";

    private final KnownSidecars known;
    private final boolean enforced;

    /** @param enforced whether only the whole repository of an image identifies a sidecar, and not its name */
    SidecarFilter(KnownSidecars known, boolean enforced) {
        this.known = known;
        this.enforced = enforced;
    }

    /** A map from each name to the pattern of its images. */
    String patterns() {
        return patterns(false).entrySet().stream()
                .map(entry -> CelLiteral.of(entry.getKey()) + ": " + CelLiteral.of(entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** Whether container {@code c} is a third-party sidecar. */
    String condition(String patterns) {
        String image = "c.?image.orValue(\"\")";
        List<String> any = new ArrayList<>();
        any.add("(c.name in " + patterns + " && " + image + ".matches(" + patterns + "[c.name]))");
        patterns(true)
                .forEach((prefix, pattern) -> any.add("(c.name.startsWith(" + CelLiteral.of(prefix) + ") && " + image
                        + ".matches(" + CelLiteral.of(pattern) + "))"));
        return String.join(" || ", any);
    }

    private Map<String, String> patterns(boolean prefixes) {
        Map<String, List<String>> repositories = new LinkedHashMap<>();
        for (String entry : known.entries()) {
            int equals = entry.indexOf('=');
            String name = equals < 0 ? entry : entry.substring(0, equals);
            if (name.endsWith("*") == prefixes) {
                List<String> patterns = repositories.computeIfAbsent(
                        prefixes ? name.substring(0, name.length() - 1) : name, key -> new ArrayList<>());
                if (equals >= 0) {
                    patterns.add(pattern(entry.substring(equals + 1)));
                } else if (!enforced) {
                    patterns.add(".*");
                }
            }
        }
        Map<String, String> all = new LinkedHashMap<>();
        repositories.forEach((name, patterns) -> {
            if (patterns.contains(".*")) {
                all.put(name, "");
            } else if (!patterns.isEmpty()) {
                all.put(name, "^(" + String.join("|", patterns) + ")" + END);
            }
        });
        return all;
    }

    private String pattern(String repository) {
        if (!enforced) {
            return "(.*/)?" + quoted(repository.substring(repository.lastIndexOf('/') + 1));
        }
        return repository.startsWith("docker.io/")
                ? "(docker\\.io/)?" + quoted(repository.substring("docker.io/".length()))
                : quoted(repository);
    }

    private static String quoted(String text) {
        return text.replace(".", "\\.");
    }
}
