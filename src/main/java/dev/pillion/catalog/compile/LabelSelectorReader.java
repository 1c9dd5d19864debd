package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.catalog.LabelSelector;
import dev.pillion.catalog.LabelSelector.DoesNotExist;
import dev.pillion.catalog.LabelSelector.Exists;
import dev.pillion.catalog.LabelSelector.In;
import dev.pillion.catalog.LabelSelector.NotIn;
import dev.pillion.catalog.LabelSelector.Requirement;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Reads a label selector. Keys and values must have the form that Kubernetes requires of labels
 * (k8s.io/apimachinery, {@code IsQualifiedName} and {@code IsValidLabelValue}).
 */
final class LabelSelectorReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern DOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final int MAX_DOMAIN = 253;
    static final List<String> OPERATORS = List.of("In", "NotIn", "Exists", "DoesNotExist");

    private LabelSelectorReader() {}

    static LabelSelector read(Fields selector) {
        List<Requirement> requirements = new ArrayList<>();
        Fields labels = selector.map("matchLabels");
        for (Map.Entry<String, JsonNode> label : labels.tree().properties()) {
            checkKey(label.getKey(), labels, label.getKey());
            labels.text(label.getKey()).ifPresent(value -> {
                checkValue(value, message -> labels.report(label.getKey(), message));
                requirements.add(new In(label.getKey(), Set.of(value)));
            });
        }
        for (Fields expression : selector.maps("matchExpressions")) {
            requirements.add(requirement(expression));
            expression.refuseOthers();
        }
        selector.refuseOthers();
        return new LabelSelector(requirements);
    }

    private static Requirement requirement(Fields expression) {
        String key = expression.requiredText("key");
        if (!key.isEmpty()) {
            checkKey(key, expression, "key");
        }
        String operator = expression.requiredText("operator");
        List<String> values = expression.texts("values");
        for (int index = 0; index < values.size(); index++) {
            int place = index;
            checkValue(values.get(index), message -> expression.report("values", place, () -> message));
        }
        return switch (operator) {
            case "In" -> new In(key, required(values, operator, expression));
            case "NotIn" -> new NotIn(key, required(values, operator, expression));
            case "Exists" -> {
                refuse(values, operator, expression);
                yield new Exists(key);
            }
            case "DoesNotExist" -> {
                refuse(values, operator, expression);
                yield new DoesNotExist(key);
            }
            default -> {
                if (!operator.isEmpty()) {
                    expression.report(
                            "operator",
                            () -> "unknown operator '" + Excerpt.of(operator) + "'"
                                    + Nearest.hint(operator, OPERATORS));
                }
                yield new Exists(key);
            }
        };
    }

    private static Set<String> required(List<String> values, String operator, Fields expression) {
        if (values.isEmpty()) {
            expression.report("values", "is missing; operator " + operator + " takes at least one");
        }
        return new HashSet<>(values);
    }

    private static void refuse(List<String> values, String operator, Fields expression) {
        if (!values.isEmpty()) {
            expression.report("values", "operator " + operator + " takes none");
        }
    }

    private static void checkKey(String key, Fields owner, String field) {
        int slash = key.lastIndexOf('/');
        boolean domain = slash < 0
                || (slash <= MAX_DOMAIN
                        && DOMAIN.matcher(key.substring(0, slash)).matches());
        if (!domain || !NAME.matcher(key.substring(slash + 1)).matches()) {
            owner.report(
                    field,
                    "'" + Excerpt.of(key)
                            + "' cannot be a label; a label is at most 63 letters, digits, '-', '_' and '.', with or without a domain and '/'"
                            + " before it");
        }
    }

    private static void checkValue(String value, Consumer<String> problems) {
        if (!value.isEmpty() && !NAME.matcher(value).matches()) {
            problems.accept("'" + Excerpt.of(value)
                    + "' cannot be a label's value, which is at most 63 letters, digits, '-', '_' and '.'");
        }
    }
}
