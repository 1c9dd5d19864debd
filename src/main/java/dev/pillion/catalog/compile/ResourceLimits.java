package dev.pillion.catalog.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.TemplateText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one profile or policy. A resource that exceeds a limit is not compiled: every client of the webhook can send one, and every
 * replica compiles the stored ones when it starts. {@code docs/limits.md} lists the limits for users.
 */
final class ResourceLimits {

    /** Of a file, in bytes, and of all texts of a resource, in characters: a ConfigMap can have 1 MiB, and etcd 1.5 MiB for each object. */
    static final int LENGTH = 1024 * 1024;

    /** Maps, lists and scalars of all resources in one file. In memory each takes about 500 bytes while the file is read. */
    static final int NODES_OF_FILE = 50_000;

    /** Maps, lists and scalars of one resource. The largest of the built-in profiles has 300. */
    static final int NODES = 20_000;

    /** The maximum nesting of maps and lists in a resource: readers and compilers are recursive. */
    static final int DEPTH = 50;

    /** The maximum length of a field's name, which is part of the path of every field below it. */
    static final int NAME_LENGTH = 1_000;

    /** The maximum number of expressions of one resource. Each takes 2 to 4 ms to compile. The largest built-in profile has 40. */
    static final int EXPRESSIONS = 500;

    /**
     * The maximum length of all expressions of one resource, in characters: ten times that of the largest built-in profile. To compile 4,096
     * characters takes up to 300 ms.
     */
    static final int EXPRESSION_LENGTH = 16 * 1024;

    /** The maximum number of reported problems of one resource. */
    static final int PROBLEMS = 50;

    private ResourceLimits() {}

    /** The first limit that a resource exceeds, with the field. */
    static Optional<Excess> excess(JsonNode resource) {
        return new Walk().through(resource);
    }

    /** @param path of the field */
    record Excess(String path, String message) {}

    /** A node of the resource. Its path is only built for a report. */
    private record Place(@Nullable Place parent, String step, int depth, JsonNode node) {

        String path() {
            StringBuilder path = new StringBuilder();
            for (Place place = this; place != null; place = place.parent) {
                path.insert(0, place.step);
            }
            return path.isEmpty() || path.charAt(0) != '.' ? path.toString() : path.substring(1);
        }
    }

    private static final class Walk {

        private final Deque<Place> open = new ArrayDeque<>();
        private int nodes;
        private long characters;
        private int expressions;
        private long inExpressions;

        Optional<Excess> through(JsonNode resource) {
            open.push(new Place(null, "", 0, resource));
            while (!open.isEmpty()) {
                Place place = open.pop();
                Optional<String> problem = count(place);
                if (problem.isPresent()) {
                    return Optional.of(new Excess(Excerpt.of(place.path()), problem.get()));
                }
            }
            return Optional.empty();
        }

        private Optional<String> count(Place place) {
            JsonNode node = place.node;
            if (++nodes > NODES) {
                return Optional.of("the resource has more than " + NODES + " fields and elements, which is the limit");
            }
            if (node.isContainerNode() && place.depth >= DEPTH) {
                return Optional.of("is nested more than " + DEPTH + " deep, which is the limit");
            }
            if (node.isTextual()) {
                return countText(place);
            }
            int index = 0;
            for (JsonNode element : node.isArray() ? node : java.util.List.<JsonNode>of()) {
                open.push(new Place(place, "[" + index++ + "]", place.depth + 1, element));
            }
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                if (field.getKey().length() > NAME_LENGTH) {
                    return Optional.of("has a field whose name has "
                            + field.getKey().length() + " characters; at most " + NAME_LENGTH + " are allowed");
                }
                open.push(new Place(place, "." + field.getKey(), place.depth + 1, field.getValue()));
            }
            return Optional.empty();
        }

        private Optional<String> countText(Place place) {
            String text = place.node.textValue();
            characters += text.length();
            if (characters > LENGTH) {
                return Optional.of(
                        "the texts of the resource have more than " + LENGTH + " characters, which is the limit");
            }
            if (place.step.equals(".expression")) {
                add(text);
            } else {
                TemplateText.sources(text).forEach(this::add);
            }
            if (expressions > EXPRESSIONS) {
                return Optional.of("the resource has more than " + EXPRESSIONS + " expressions, which is the limit");
            }
            return inExpressions > EXPRESSION_LENGTH
                    ? Optional.of("the expressions of the resource have more than " + EXPRESSION_LENGTH
                            + " characters, which is the limit")
                    : Optional.empty();
        }

        private void add(String source) {
            expressions++;
            inExpressions += source.length();
        }
    }
}
