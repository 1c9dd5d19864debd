package dev.pillion.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;

/** A JSON Pointer (RFC 6901): the unescaped names and indices from the root of a document. */
public record Pointer(List<String> steps) {

    private static final Pointer ROOT = new Pointer(List.of());

    public Pointer {
        steps = List.copyOf(steps);
    }

    /** The pointer with these steps, none of them escaped. */
    public static Pointer of(String... steps) {
        return new Pointer(List.of(steps));
    }

    public static Pointer root() {
        return ROOT;
    }

    public Pointer child(String name) {
        java.util.ArrayList<String> longer = new java.util.ArrayList<>(steps);
        longer.add(name);
        return new Pointer(longer);
    }

    public Pointer child(int index) {
        return child(Integer.toString(index));
    }

    /** This pointer for a document in which its own document is at {@code base}. */
    public Pointer below(Pointer base) {
        java.util.ArrayList<String> all = new java.util.ArrayList<>(base.steps);
        all.addAll(steps);
        return new Pointer(all);
    }

    Pointer parent() {
        return new Pointer(steps.subList(0, steps.size() - 1));
    }

    String last() {
        return steps.getLast();
    }

    /** The value at this pointer; missing if there is none. */
    public JsonNode in(JsonNode document) {
        JsonNode node = document;
        for (String step : steps) {
            node = node.isArray() ? element(node, step) : node.path(step);
        }
        return node;
    }

    private static JsonNode element(JsonNode list, String step) {
        boolean index = !step.isEmpty() && step.length() < 10;
        for (int at = 0; index && at < step.length(); at++) {
            index = step.charAt(at) >= '0' && step.charAt(at) <= '9';
        }
        return index ? list.path(Integer.parseInt(step)) : MissingNode.getInstance();
    }

    /** The text of RFC 6901, section 3: {@code ~} is written {@code ~0} and {@code /} is written {@code ~1}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String step : steps) {
            text.append('/').append(escaped(step));
        }
        return text.toString();
    }

    private static String escaped(String step) {
        return step.indexOf('~') < 0 && step.indexOf('/') < 0
                ? step
                : step.replace("~", "~0").replace("/", "~1");
    }
}
