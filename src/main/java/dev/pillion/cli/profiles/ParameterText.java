package dev.pillion.cli.profiles;

import dev.pillion.catalog.Parameter;
import dev.pillion.expression.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says what a parameter is for and what it may be. */
final class ParameterText {

    private static final int LONGEST_EXPRESSION = 28;

    private ParameterText() {}

    /** The default, with a long expression left to the description. */
    static String defaultOf(Parameter parameter) {
        String text = hasLongDefault(parameter)
                ? (isOfCluster(parameter) ? "from the cluster" : "from the Pod")
                : parameter.defaultText();
        return text + (parameter.overridable() ? "" : " (locked)");
    }

    /** The description, and the rules that hold for the value. */
    static String of(Parameter parameter) {
        List<String> rules = new ArrayList<>();
        if (!parameter.values().isEmpty()) {
            rules.add("one of " + String.join(", ", parameter.values()));
        }
        parameter.minimum().ifPresent(minimum -> rules.add("at least " + minimum));
        parameter.maximum().ifPresent(maximum -> rules.add("at most " + maximum));
        addAmounts(rules, "at least ", parameter.resources().atLeast());
        addAmounts(rules, "at most ", parameter.resources().atMost());
        parameter.pattern().ifPresent(pattern -> rules.add("matches " + pattern.pattern()));
        if (hasLongDefault(parameter)) {
            rules.add("default " + parameter.defaultText());
        }
        String description = parameter.description();
        if (rules.isEmpty()) {
            return description;
        }
        return description + (description.isEmpty() ? "" : " ") + "[" + String.join("; ", rules) + "]";
    }

    /** Whether the default depends on nothing but what the operator says of the cluster. */
    private static boolean isOfCluster(Parameter parameter) {
        return parameter.defaultValue().stream()
                .flatMap(Template::expressions)
                .flatMap(expression -> expression.paths().stream())
                .allMatch(path -> path.variable().equals("cluster"));
    }

    private static boolean hasLongDefault(Parameter parameter) {
        return parameter.defaultText().contains("${") && parameter.defaultText().length() > LONGEST_EXPRESSION;
    }

    private static void addAmounts(List<String> rules, String bound, Map<String, String> amounts) {
        if (!amounts.isEmpty()) {
            rules.add(bound
                    + new TreeMap<>(amounts)
                            .entrySet().stream()
                                    .map(amount -> amount.getKey() + " " + amount.getValue())
                                    .collect(Collectors.joining(", ")));
        }
    }
}
