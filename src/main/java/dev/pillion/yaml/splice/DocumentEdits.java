package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.yaml.splice.SourceNode.Alias;
import dev.pillion.yaml.splice.SourceNode.Child;
import dev.pillion.yaml.splice.SourceNode.Collection;
import dev.pillion.yaml.splice.SourceNode.Entry;
import dev.pillion.yaml.splice.SourceNode.Mapping;
import dev.pillion.yaml.splice.SourceNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares a document's tree with the wanted tree and finds the edits of the text that make the difference. */
final class DocumentEdits {

    private final Lines lines;
    private final Layout layout;
    private final List<TextEdit> edits = new ArrayList<>();
    private final BlockEdits block;
    private final FlowEdits flow;
    private final Replacements replacements;
    private final ScalarChanges scalars;
    private final MergeKeys merges;

    private final Anchors anchors = new Anchors();

    private DocumentEdits(Lines lines, Layout layout) {
        this.lines = lines;
        this.layout = layout;
        this.block = new BlockEdits(lines, edits);
        this.flow = new FlowEdits(lines, layout, edits);
        this.replacements = new Replacements(lines, layout, edits);
        this.scalars = new ScalarChanges(lines, layout, edits, replacements);
        this.merges = new MergeKeys(lines, anchors, replacements);
    }

    static List<TextEdit> of(Lines lines, SourceNode root, boolean json, JsonNode before, JsonNode after)
            throws UnsupportedTextException {
        DocumentEdits edits = new DocumentEdits(lines, Layout.of(lines, root, json));
        edits.change(root, before, after, Slot.root(root));
        return edits.edits;
    }

    private void change(SourceNode node, JsonNode before, JsonNode after, Slot slot) throws UnsupportedTextException {
        anchors.add(node, before, after);
        Optional<Note> note = Note.before(lines.text(), slot.gap(), node);
        if (note.isPresent() && note.get().isRestored(after, anchors, slot)) {
            replacements.restore(node, note.get(), slot);
            return;
        }
        switch (node) {
            case Alias alias -> {
                if (!Trees.same(after, anchors.after(alias))) {
                    replacements.replace(node, "*" + alias.name(), after, slot);
                }
            }
            case Mapping mapping when before.isObject() && after.isObject() -> change(mapping, before, after, slot);
            case Sequence sequence when before.isArray() && after.isArray() -> change(sequence, before, after, slot);
            case SourceNode other when Trees.same(before, after) -> {}
            case SourceNode.Scalar scalar
            when before.isNull() && after.isContainerNode() -> replacements.fill(scalar, after, slot);
            case Collection collection when after.isNull() -> replacements.clear(collection, slot);
            case SourceNode.Scalar scalar
            when after.isValueNode() -> scalars.change(scalar, before, after, slot, note.isPresent());
            default -> throw new UnsupportedTextException("a value of another kind");
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
            change(child.value(), before.get(same), after.get(index), Slot.of(lines, child, sequence));
            steps.add(new Step.Kept(child));
        }
        while (next < before.size()) {
            steps.add(new Step.Removed(sequence.children().get(next++)));
        }
        change(sequence, steps, slot, layout.within(lines, sequence));
    }

    private void change(Mapping mapping, JsonNode before, JsonNode after, Slot slot) throws UnsupportedTextException {
        Map<String, Entry> own = MergeKeys.own(mapping);
        Map<String, JsonNode> merged = merges.provided(mapping, own, before, after);
        List<Step> steps = new ArrayList<>();
        for (Entry entry : mapping.children()) {
            if (MergeKeys.isMerge(entry)) {
                steps.add(new Step.Kept(entry));
                continue;
            }
            String name = MergeKeys.name(entry.key());
            anchors.add(entry.key(), TextNode.valueOf(name), TextNode.valueOf(name));
            @Nullable JsonNode value = after.get(name);
            if (value == null && merged.containsKey(name)) {
                throw new UnsupportedTextException("a field that would be merged again");
            }
            if (value == null || MergeKeys.isMergedAgain(lines, entry, value, merged.get(name))) {
                steps.add(new Step.Removed(entry));
            } else {
                change(entry.value(), before.path(name), value, Slot.of(lines, entry, mapping));
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
}
