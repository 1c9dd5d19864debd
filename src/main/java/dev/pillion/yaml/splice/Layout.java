package dev.pillion.yaml.splice;

import dev.pillion.yaml.splice.SourceNode.Child;
import dev.pillion.yaml.splice.SourceNode.Collection;
import dev.pillion.yaml.splice.SourceNode.Entry;
import dev.pillion.yaml.splice.SourceNode.Item;
import dev.pillion.yaml.splice.SourceNode.Mapping;
import dev.pillion.yaml.splice.SourceNode.Sequence;
import java.util.OptionalInt;

/**
 * The layout of a document.
 *
 * @param step the indentation of a mapping below its key
 * @param dash the indentation of a sequence's dashes below its key
 * @param item the distance from a dash to its item
 * @param json whether the document is JSON
 * @param unit one level of indentation of a JSON document on several lines; empty for one on a single line
 * @param colon the text between a name and its value in JSON
 * @param comma the text between two values on one line in JSON
 */
record Layout(int step, int dash, int item, boolean json, String unit, String colon, String comma) {

    private static final int DEFAULT_STEP = 2;
    private static final int DEFAULT_ITEM = 2;

    /** A distance in a block collection that shows the layout. */
    private interface Distance {
        OptionalInt of(Child child);
    }

    static Layout of(Lines lines, SourceNode root, boolean json) {
        return json ? ofJson(lines, root) : ofYaml(lines, root);
    }

    private static Layout ofYaml(Lines lines, SourceNode root) {
        return new Layout(
                first(root, child -> step(lines, child)).orElse(DEFAULT_STEP),
                first(root, child -> dash(lines, child)).orElse(0),
                first(root, child -> item(lines, child)).orElse(DEFAULT_ITEM),
                false,
                "",
                ": ",
                ", ");
    }

    private static Layout ofJson(Lines lines, SourceNode root) {
        if (!(root instanceof Mapping mapping) || mapping.children().isEmpty()) {
            return new Layout(DEFAULT_STEP, 0, DEFAULT_ITEM, true, "", ": ", ", ");
        }
        Entry first = mapping.children().getFirst();
        int lineStart = lines.start(first.start());
        boolean multiline = lines.isBlank(lineStart, first.start()) && lineStart > root.start();
        boolean spaced = first.value().start() > first.gap();
        return new Layout(
                DEFAULT_STEP,
                0,
                DEFAULT_ITEM,
                true,
                multiline ? indentation(lines, root, first) : "",
                spaced ? ": " : ":",
                spaced ? ", " : ",");
    }

    private static String indentation(Lines lines, SourceNode root, Entry first) {
        String outer = lines.text().substring(lines.start(root.start()), root.start());
        String inner = lines.text().substring(lines.start(first.start()), first.start());
        return inner.length() > outer.length() && inner.startsWith(outer) ? inner.substring(outer.length()) : "  ";
    }

    /** The first distance in the order of the text. */
    private static OptionalInt first(SourceNode node, Distance distance) {
        if (!(node instanceof Collection collection) || collection.flow()) {
            return OptionalInt.empty();
        }
        for (Child child : collection.children()) {
            OptionalInt here = distance.of(child);
            OptionalInt found = here.isPresent() ? here : first(child.value(), distance);
            if (found.isPresent()) {
                return found;
            }
        }
        return OptionalInt.empty();
    }

    private static OptionalInt step(Lines lines, Child child) {
        return child instanceof Entry && child.value() instanceof Mapping mapping
                ? distance(lines, child, mapping)
                : OptionalInt.empty();
    }

    private static OptionalInt dash(Lines lines, Child child) {
        return child instanceof Entry && child.value() instanceof Sequence sequence
                ? distance(lines, child, sequence)
                : OptionalInt.empty();
    }

    private static OptionalInt distance(Lines lines, Child parent, Collection collection) {
        return collection.flow()
                ? OptionalInt.empty()
                : OptionalInt.of(lines.column(collection.children().getFirst().start()) - lines.column(parent.start()));
    }

    private static OptionalInt item(Lines lines, Child child) {
        int value = child.value().start();
        boolean sameLine = value > child.gap() && lines.start(value) <= child.start();
        return child instanceof Item && sameLine ? OptionalInt.of(value - child.start()) : OptionalInt.empty();
    }

    /** The same layout, with the dashes of the mapping's own sequences, if it has any. */
    Layout within(Lines lines, Mapping mapping) {
        int own = mapping.flow()
                ? dash
                : mapping.children().stream()
                        .flatMapToInt(entry -> dash(lines, entry).stream())
                        .findFirst()
                        .orElse(dash);
        return new Layout(step, own, item, json, unit, colon, comma);
    }

    /** The same layout, with the items of the sequence. */
    Layout within(Lines lines, Sequence sequence) {
        return new Layout(
                step, dash, first(sequence, child -> item(lines, child)).orElse(item), json, unit, colon, comma);
    }
}
