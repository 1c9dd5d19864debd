package dev.pillion.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.yaml.SourceNode.Alias;
import dev.pillion.yaml.SourceNode.Child;
import dev.pillion.yaml.SourceNode.Collection;
import dev.pillion.yaml.SourceNode.Entry;
import dev.pillion.yaml.SourceNode.Mapping;
import dev.pillion.yaml.SourceNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares a document's tree with the one that it is to have, and finds the edits of the text that lead from one to the other. */
final class DocumentEdits {

    private final Lines lines;
    private final Layout layout;
    private final List<TextEdit> edits = new ArrayList<>();
    private final BlockEdits block;
    private final FlowEdits flow;

    /** What the nodes that have an anchor are before and after, as far as they were passed. Aliases only follow their anchors. */
    private final Map<SourceNode, JsonNode> anchoredBefore = new IdentityHashMap<>();

    private final Map<SourceNode, JsonNode> anchoredAfter = new IdentityHashMap<>();
    private final Map<String, SourceNode> anchors = new HashMap<>();

    private DocumentEdits(Lines lines, Layout layout) {
        this.lines = lines;
        this.layout = layout;
        this.block = new BlockEdits(lines, edits);
        this.flow = new FlowEdits(lines, layout, edits);
    }

    /**
     * Where a node stands.
     *
     * @param gap after the colon, dash, comma or bracket before it
     * @param column of the key or the dash, in block style
     * @param entry whether it is the value of a key
     */
    private record Slot(int gap, int column, boolean flow, boolean entry) {}

    static List<TextEdit> of(Lines lines, SourceNode root, boolean json, JsonNode before, JsonNode after)
            throws UnsupportedTextException {
        DocumentEdits edits = new DocumentEdits(lines, Layout.of(lines, root, json));
        edits.change(root, before, after, new Slot(root.start(), 0, true, false));
        return edits.edits;
    }

    private void change(SourceNode node, JsonNode before, JsonNode after, Slot slot) throws UnsupportedTextException {
        pass(node, before, after);
        Optional<Note> note = Note.before(lines.text(), slot.gap(), node);
        if (note.isPresent() && restores(note.get(), after)) {
            edits.add(new TextEdit(
                    note.get().start(), note.get().end(), note.get().original()));
            removeNoted(node, note.get(), slot);
            return;
        }
        switch (node) {
            case Alias alias -> {
                if (!Trees.same(after, anchoredAfter.getOrDefault(alias.target(), MissingNode.getInstance()))) {
                    replace(node, "*" + alias.name(), after, slot);
                }
            }
            case Mapping mapping when before.isObject() && after.isObject() -> change(mapping, before, after, slot);
            case Sequence sequence when before.isArray() && after.isArray() -> change(sequence, before, after, slot);
            case SourceNode other when Trees.same(before, after) -> {}
            case SourceNode.Scalar scalar when before.isNull() && after.isContainerNode() -> fill(scalar, after, slot);
            case Collection collection when after.isNull() -> clear(collection, slot);
            case SourceNode.Scalar scalar
            when after.isValueNode() ->
                edits.add(ScalarEdit.of(lines.text(), scalar, before, after, layout.json(), slot.flow()));
            default -> throw new UnsupportedTextException("a value of another kind");
        }
    }

    private void pass(SourceNode node, JsonNode before, JsonNode after) {
        @Nullable String anchor = node.properties().anchor();
        if (anchor != null) {
            anchoredBefore.put(node, before);
            anchoredAfter.put(node, after);
            anchors.put(anchor, node);
        }
    }

    /** Whether what the note says can stand there again. */
    private boolean restores(Note note, JsonNode after) {
        if (note.original().startsWith("*")) {
            @Nullable SourceNode target = anchors.get(note.original().substring(1));
            return target != null && Trees.same(after, anchoredAfter.get(target));
        }
        return after.isNull() && !note.original().equals(Note.MERGED);
    }

    private void removeNoted(SourceNode node, Note note, Slot slot) {
        if (note.original().equals(Note.NOTHING)) {
            edits.removeLast();
            edits.add(TextEdit.deletion(slot.gap(), node.end()));
        } else if (node instanceof Collection collection && !collection.flow()) {
            block.removeLines(note.end(), node.end());
        } else {
            edits.add(TextEdit.deletion(lines.end(note.end()), node.end()));
        }
    }

    /** Puts a value in the place of an alias or null, with a note of what stood there. */
    private void replace(SourceNode node, String original, JsonNode after, Slot slot) {
        edits.add(new TextEdit(node.start(), node.end(), Note.text(original)));
        if (!slot.flow() && ValueText.isBlock(after)) {
            block.insert(node.end(), after, below(after, slot), layout);
            return;
        }
        String lineBreak = lines.lineBreak(node.end());
        String value = lineBreak + lines.indentation(node.start()) + "  " + new ValueText(layout).flow(after);
        edits.add(TextEdit.insertion(slot.flow() ? node.end() : lines.end(node.end()), value));
    }

    private int below(JsonNode value, Slot slot) {
        return slot.entry() ? new ValueText(layout).below(value, slot.column()) : slot.column() + layout.item();
    }

    /** Gives a value to a field that is null. */
    private void fill(SourceNode.Scalar none, JsonNode after, Slot slot) throws UnsupportedTextException {
        String original = lines.text().substring(none.start(), none.end());
        ValueText text = new ValueText(layout);
        if (!none.isMissing() && slot.flow() && original.equals("null")) {
            String value = layout.unit().isEmpty()
                    ? text.flow(after)
                    : text.pretty(after, lines.indentation(none.start()), lines.lineBreak(none.end()));
            edits.add(new TextEdit(none.start(), none.end(), value));
        } else if (!none.isMissing()) {
            replace(none, original, after, slot);
        } else if (slot.flow()) {
            fillMissing(none, after, slot);
        } else if (ValueText.isBlock(after)) {
            block.insert(slot.gap(), after, below(after, slot), layout);
        } else {
            edits.add(TextEdit.insertion(slot.gap(), " " + text.flow(after)));
        }
    }

    private void fillMissing(SourceNode.Scalar none, JsonNode after, Slot slot) throws UnsupportedTextException {
        if (slot.gap() == 0 || lines.text().charAt(slot.gap() - 1) != ':') {
            throw new UnsupportedTextException("a key without a colon");
        }
        String value =
                " " + Note.text(Note.NOTHING) + lines.lineBreak(none.start()) + lines.indentation(none.start()) + "  ";
        edits.add(TextEdit.insertion(slot.gap(), value + new ValueText(layout).flow(after)));
    }

    private void clear(Collection collection, Slot slot) {
        if (collection.flow()) {
            edits.add(new TextEdit(collection.start(), collection.end(), "null"));
        } else {
            block.removeLines(slot.gap(), collection.end());
        }
    }

    private void change(Sequence sequence, JsonNode before, JsonNode after, Slot slot) throws UnsupportedTextException {
        List<Step> steps = new ArrayList<>();
        int next = 0;
        List<Integer> indices = Alignment.of(before, after);
        for (int index = 0; index < after.size(); index++) {
            int same = indices.get(index);
            if (same == Alignment.NEW) {
                steps.add(new Step.Added("", after.get(index), Optional.empty()));
                continue;
            }
            while (next < same) {
                steps.add(new Step.Removed(sequence.children().get(next++)));
            }
            Child child = sequence.children().get(next++);
            change(child.value(), before.get(same), after.get(index), slotOf(child, sequence));
            steps.add(new Step.Kept(child));
        }
        while (next < before.size()) {
            steps.add(new Step.Removed(sequence.children().get(next++)));
        }
        change(sequence, steps, slot, layout.within(lines, sequence));
    }

    private void change(Mapping mapping, JsonNode before, JsonNode after, Slot slot) throws UnsupportedTextException {
        Map<String, Entry> own = own(mapping);
        Map<String, JsonNode> merged = merged(mapping, own, before, after);
        List<Step> steps = new ArrayList<>();
        for (Entry entry : mapping.children()) {
            if (isMerge(entry)) {
                steps.add(new Step.Kept(entry));
                continue;
            }
            String name = name(entry.key());
            pass(entry.key(), TextNode.valueOf(name), TextNode.valueOf(name));
            @Nullable JsonNode value = after.get(name);
            if (value == null && merged.containsKey(name)) {
                throw new UnsupportedTextException("a field that would be merged again");
            }
            if (value == null || isMergedAgain(entry, value, merged.get(name))) {
                steps.add(new Step.Removed(entry));
            } else {
                change(entry.value(), before.path(name), value, slotOf(entry, mapping));
                steps.add(new Step.Kept(entry));
            }
        }
        for (Map.Entry<String, JsonNode> field : after.properties()) {
            String name = field.getKey();
            if (!own.containsKey(name) && !Trees.same(field.getValue(), merged.get(name))) {
                Optional<String> note = before.has(name) ? Optional.of(Note.MERGED) : Optional.empty();
                steps.add(new Step.Added(name, field.getValue(), note));
            }
        }
        change(mapping, steps, slot, layout.within(lines, mapping));
    }

    private void change(Collection collection, List<Step> steps, Slot slot, Layout local)
            throws UnsupportedTextException {
        if (steps.stream().allMatch(Step.Kept.class::isInstance)) {
            return;
        }
        if (collection.flow()) {
            flow.change(collection, steps);
        } else {
            int header = collection.properties().isEmpty()
                    ? slot.gap()
                    : collection.properties().end();
            block.change(collection, steps, header, local);
        }
    }

    private Slot slotOf(Child child, Collection parent) {
        return new Slot(
                child.gap(), parent.flow() ? 0 : lines.column(child.start()), parent.flow(), child instanceof Entry);
    }

    private boolean isMergedAgain(Entry entry, JsonNode value, @Nullable JsonNode merged) {
        return Note.before(lines.text(), entry.gap(), entry.value())
                        .filter(note -> note.original().equals(Note.MERGED))
                        .isPresent()
                && Trees.same(value, merged);
    }

    private static Map<String, Entry> own(Mapping mapping) throws UnsupportedTextException {
        Map<String, Entry> own = new LinkedHashMap<>();
        for (Entry entry : mapping.children()) {
            if (!isMerge(entry)) {
                own.put(name(entry.key()), entry);
            }
        }
        return own;
    }

    /** The fields that merge keys provide afterwards. An alias that would provide one too many is replaced by what it was. */
    private Map<String, JsonNode> merged(Mapping mapping, Map<String, Entry> own, JsonNode before, JsonNode after)
            throws UnsupportedTextException {
        Map<String, JsonNode> merged = new LinkedHashMap<>();
        for (Entry entry : mapping.children()) {
            if (!isMerge(entry)) {
                continue;
            }
            if (entry.value() instanceof Alias alias) {
                JsonNode provided = anchoredAfter.getOrDefault(alias.target(), MissingNode.getInstance());
                if (!fits(provided, own, after)) {
                    provided = anchoredBefore.getOrDefault(alias.target(), MissingNode.getInstance());
                    replace(alias, "*" + alias.name(), provided, slotOf(entry, mapping));
                }
                provided.properties().forEach(field -> merged.put(field.getKey(), field.getValue()));
                continue;
            }
            Optional<Note> note = Note.before(lines.text(), entry.gap(), entry.value());
            if (note.isPresent() && note.get().original().startsWith("*")) {
                @Nullable SourceNode target = anchors.get(note.get().original().substring(1));
                @Nullable JsonNode provided = target == null ? null : anchoredAfter.get(target);
                if (provided != null && fits(provided, own, after)) {
                    edits.add(new TextEdit(
                            note.get().start(), note.get().end(), note.get().original()));
                    removeNoted(entry.value(), note.get(), slotOf(entry, mapping));
                    provided.properties().forEach(field -> merged.put(field.getKey(), field.getValue()));
                    continue;
                }
            }
            inline(entry.value(), before, merged);
        }
        return merged;
    }

    private static boolean fits(JsonNode provided, Map<String, Entry> own, JsonNode after) {
        return provided.isObject()
                && provided.propertyStream()
                        .allMatch(field -> own.containsKey(field.getKey()) || after.has(field.getKey()));
    }

    /** The fields of what is merged and written in place; they do not change. */
    private void inline(SourceNode source, JsonNode before, Map<String, JsonNode> merged)
            throws UnsupportedTextException {
        switch (source) {
            case Alias alias ->
                anchoredAfter
                        .getOrDefault(alias.target(), NullNode.getInstance())
                        .properties()
                        .forEach(field -> merged.put(field.getKey(), field.getValue()));
            case Mapping mapping -> {
                for (Entry entry : mapping.children()) {
                    if (isMerge(entry)) {
                        inline(entry.value(), before, merged);
                    } else if (before.has(name(entry.key()))) {
                        merged.put(name(entry.key()), before.get(name(entry.key())));
                    }
                }
            }
            case Sequence sequence -> {
                for (Child child : sequence.children().reversed()) {
                    inline(child.value(), before, merged);
                }
            }
            case SourceNode.Scalar scalar -> throw new UnsupportedTextException("a merge key with a scalar");
        }
    }

    private static boolean isMerge(Entry entry) throws UnsupportedTextException {
        return entry.key() instanceof SourceNode.Scalar key && ScalarEdit.isMerge(key);
    }

    private static String name(SourceNode key) throws UnsupportedTextException {
        return switch (key) {
            case SourceNode.Scalar scalar -> ScalarEdit.fieldName(scalar);
            case Alias alias -> name(alias.target());
            case Collection other -> throw new UnsupportedTextException("a collection as a key");
        };
    }
}
