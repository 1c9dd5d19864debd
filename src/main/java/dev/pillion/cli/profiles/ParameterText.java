package dev.pillion.cli.profiles;

import dev.pillion.catalog.Parameter;
import dev.pillion.expression.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Describes a parameter and its constraints. */
final class ParameterText {

    private static final int LONGEST_EXPRESSION = 28;

    private ParameterText() {}

    /** The default. A long expression is part of the description instead. */
    static String defaultOf(Parameter parameter) {
        String text = hasLongDefault(parameter)
                ? (dependsOnClusterOnly(parameter) ? "from the cluster" : "from the Pod")
                : parameter.defaultText();
        return text + (parameter.overridable() ? "" : " (locked)");
    }

    /** The description, and the constraints of the value. */
    static String of(Parameter parameter) {
        List<String> constraints = new ArrayList<>();
        if (!parameter.values().isEmpty()) {
            constraints.add("one of " + String.join(", ", parameter.values()));
        }
        parameter.minimum().ifPresent(minimum -> constraints.add("at least " + minimum));
        parameter.maximum().ifPresent(maximum -> constraints.add("at most " + maximum));
        addAmounts(constraints, "at least ", parameter.resources().atLeast());
        addAmounts(constraints, "at most ", parameter.resources().atMost());
        parameter.pattern().ifPresent(pattern -> constraints.add("matches " + pattern.pattern()));
        if (hasLongDefault(parameter)) {
            constraints.add("default " + parameter.defaultText());
        }
        String description = parameter.description();
        if (constraints.isEmpty()) {
            return description;
        }
        return description + (description.isEmpty() ? "" : " ") + "[" + String.join("; ", constraints) + "]";
    }

    /** Whether the default depends only on the operator's settings for the cluster. */
    private static boolean dependsOnClusterOnly(Parameter parameter) {
        return parameter.defaultValue().stream()
                .flatMap(Template::expressions)
                .flatMap(expression -> expression.paths().stream())
                .allMatch(path -> path.variable().equals("cluster"));
    }

    private static boolean hasLongDefault(Parameter parameter) {
        return parameter.defaultText().contains("${") && parameter.defaultText().length() > LONGEST_EXPRESSION;
    }

    private static void addAmounts(List<String> constraints, String bound, Map<String, String> amounts) {
        if (!amounts.isEmpty()) {
            constraints.add(bound
                    + new TreeMap<>(amounts)
                            .entrySet().stream()
                                    .map(amount -> amount.getKey() + " " + amount.getValue())
                                    .collect(Collectors.joining(", ")));
        }
    }
}
