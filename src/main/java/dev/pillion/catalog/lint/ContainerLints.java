package dev.pillion.catalog.lint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.LintRule;
import dev.pillion.catalog.lint.Linter.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Applies the lint rules to a container of a profile. */
final class ContainerLints {

    /** Two dollar signs are an escaped one (k8s.io/kubernetes, third_party/forked/golang/expansion). */
    private static final Pattern KUBELET_VARIABLE = Pattern.compile("\\$\\$|\\$\\(([^)]*)\\)");

    private static final Pattern VARIABLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

    private final JsonNode container;
    private final String path;
    private final Findings findings;

    ContainerLints(JsonNode container, String path, Findings findings) {
        this.container = container;
        this.path = path;
        this.findings = findings;
    }

    void find() {
        FloatingImage.of(container.path("image").asText())
                .ifPresent(message -> findings.add(LintRule.FLOATING_IMAGE, path + ".image", message));
        findMissingRequests();
        findKubeletVariables();
    }

    private void findMissingRequests() {
        List<String> missing = new ArrayList<>();
        JsonNode resources = container.path("resources");
        for (String resource : List.of("cpu", "memory")) {
            // Kubernetes uses a limit as the request if there is no request. The value of an expression is not known.
            boolean given = resources.isTextual()
                    || has(resources.path("requests"), resource)
                    || has(resources.path("limits"), resource);
            if (!given) {
                missing.add(resource);
            }
        }
        if (!missing.isEmpty()) {
            findings.add(
                    LintRule.MISSING_REQUESTS,
                    path + (resources.isMissingNode() ? "" : ".resources"),
                    "requests no " + String.join(" and no ", missing)
                            + "; set resources.requests to what the companion uses");
        }
    }

    /** Finds the references that the kubelet expands if a variable has the name. The kubelet allows more characters than a shell. */
    private void findKubeletVariables() {
        for (String field : List.of("command", "args")) {
            JsonNode words = container.path(field);
            for (int index = 0; index < words.size(); index++) {
                findKubeletVariables(words.get(index), path + "." + field + "[" + index + "]");
            }
        }
        JsonNode variables = container.path("env");
        for (int index = 0; index < variables.size(); index++) {
            findKubeletVariables(variables.get(index).path("value"), path + ".env[" + index + "].value");
        }
    }

    private void findKubeletVariables(JsonNode text, String place) {
        Matcher matcher = KUBELET_VARIABLE.matcher(text.asText());
        Set<String> told = new TreeSet<>();
        while (matcher.find()) {
            String name = matcher.group(1);
            if (name != null && !mayBeSet(name) && told.add(name)) {
                findings.add(
                        LintRule.KUBELET_VARIABLE,
                        place,
                        "holds $(" + name + "), which the kubelet replaces if a variable has that name; write $$("
                                + name + ") to pass it to the shell");
            }
        }
    }

    private boolean mayBeSet(String name) {
        for (JsonNode variable : container.path("env")) {
            if (variable.path("name").asText().equals(name)) {
                return true;
            }
        }
        boolean others = container.has("envFrom")
                || container.has("inherit")
                || container.path("env").isTextual();
        return others && VARIABLE_NAME.matcher(name).matches();
    }

    private static boolean has(JsonNode amounts, String resource) {
        return amounts.isTextual() || amounts.hasNonNull(resource);
    }
}
