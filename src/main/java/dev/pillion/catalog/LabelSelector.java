package dev.pillion.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A label selector of Kubernetes (metav1.LabelSelector). It matches if all its requirements are met. */
public record LabelSelector(List<Requirement> requirements) {

    /** Matches all labels. */
    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /** A selector of an object of the API server, which has checked it. */
    public static LabelSelector ofStored(JsonNode selector) {
        List<Requirement> requirements = new ArrayList<>();
        for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
            requirements.add(new In(label.getKey(), Set.of(label.getValue().asText())));
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            String key = expression.path("key").asText();
            Set<String> values = new HashSet<>();
            expression.path("values").forEach(value -> values.add(value.asText()));
            String operator = expression.path("operator").asText();
            requirements.add(
                    switch (operator) {
                        case "In" -> new In(key, values);
                        case "NotIn" -> new NotIn(key, values);
                        case "Exists" -> new Exists(key);
                        case "DoesNotExist" -> new DoesNotExist(key);
                        default -> throw new IllegalArgumentException("unknown operator " + operator);
                    });
        }
        return new LabelSelector(requirements);
    }

    /** The form of a request (k8s.io/apimachinery, {@code labels.Parse}), for example {@code app in (web),tier notin (a,b),!test}. */
    public String toQuery() {
        return requirements.stream()
                .map(requirement -> switch (requirement) {
                    case In(String key, Set<String> values) -> key + " in " + list(values);
                    case NotIn(String key, Set<String> values) -> key + " notin " + list(values);
                    case Exists(String key) -> key;
                    case DoesNotExist(String key) -> "!" + key;
                })
                .collect(Collectors.joining(","));
    }

    private static String list(Set<String> values) {
        return "(" + String.join(",", new TreeSet<>(values)) + ")";
    }

    public boolean matches(Map<String, String> labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    /** The first requirement that these labels do not meet. */
    public Optional<Requirement> unmet(Map<String, String> labels) {
        return requirements.stream()
                .filter(requirement -> !requirement.matches(labels))
                .findFirst();
    }

    /** A requirement on one label. Values are in hash sets, because Set.copyOf takes quadratic time for texts whose hashes collide. */
    public sealed interface Requirement {

        String key();

        boolean matches(Map<String, String> labels);
    }

    /** The label has one of the values. */
    public record In(String key, Set<String> values) implements Requirement {

        public In {
            values = Collections.unmodifiableSet(new HashSet<>(values));
        }

        @Override
        public boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return value != null && values.contains(value);
        }

        @Override
        public String toString() {
            return values.size() == 1
                    ? key + "=" + values.iterator().next()
                    : key + " in (" + String.join(", ", new TreeSet<>(values)) + ")";
        }
    }

    /** The label has none of the values, or is absent. */
    public record NotIn(String key, Set<String> values) implements Requirement {

        public NotIn {
            values = Collections.unmodifiableSet(new HashSet<>(values));
        }

        @Override
        public boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return value == null || !values.contains(value);
        }

        @Override
        public String toString() {
            return key + " not in (" + String.join(", ", new TreeSet<>(values)) + ")";
        }
    }

    /** The label is present. */
    public record Exists(String key) implements Requirement {

        @Override
        public boolean matches(Map<String, String> labels) {
            return labels.containsKey(key);
        }

        @Override
        public String toString() {
            return key + " exists";
        }
    }

    /** The label is absent. */
    public record DoesNotExist(String key) implements Requirement {

        @Override
        public boolean matches(Map<String, String> labels) {
            return !labels.containsKey(key);
        }

        @Override
        public String toString() {
            return key + " does not exist";
        }
    }
}
