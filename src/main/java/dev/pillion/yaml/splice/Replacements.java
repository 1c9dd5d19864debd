package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.splice.SourceNode.Collection;
import java.util.List;

/** Replaces aliases and null by values, and restores them. */
final class Replacements {

    private final Lines lines;
    private final Layout layout;
    private final List<TextEdit> edits;
    private final BlockEdits block;

    Replacements(Lines lines, Layout layout, List<TextEdit> edits) {
        this.lines = lines;
        this.layout = layout;
        this.edits = edits;
        this.block = new BlockEdits(lines, edits);
    }

    /** Restores the original of a note. */
    void restore(SourceNode node, Note note, Slot slot) {
        if (note.original().equals(Note.NOTHING)) {
            edits.add(TextEdit.deletion(slot.gap(), node.end()));
            return;
        }
        edits.add(new TextEdit(note.start(), note.end(), note.source()));
        if (node instanceof Collection collection && !collection.flow()) {
            block.removeLines(note.end(), node.end());
        } else {
            edits.add(TextEdit.deletion(lines.end(note.end()), node.end()));
        }
    }

    /** Replaces an alias or null by a value with a note of the original. */
    void replace(SourceNode node, String original, JsonNode after, Slot slot) {
        replace(node, original, "", after, slot);
    }

    /** @param anchor of the value, with a blank; empty if it has none */
    void replace(SourceNode node, String original, String anchor, JsonNode after, Slot slot) {
        edits.add(new TextEdit(node.start(), node.end(), Note.text(original)));
        if (!slot.flow() && ValueText.isBlock(after)) {
            block.insert(node.end(), after, below(after, slot), layout);
            return;
        }
        String indentation =
                slot.flow() ? lines.indentation(node.start()) + "  " : " ".repeat(slot.column() + layout.step());
        String value = lines.lineBreak(node.end()) + indentation + anchor + new ValueText(layout).flow(after);
        edits.add(TextEdit.insertion(slot.flow() ? node.end() : lines.end(node.end()), value));
    }

    private int below(JsonNode value, Slot slot) {
        return slot.entry() ? new ValueText(layout).below(value, slot.column()) : slot.column() + layout.item();
    }

    /** Gives a value to a field that is null. */
    void fill(SourceNode.Scalar none, JsonNode after, Slot slot) throws UnsupportedTextException {
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

    void clear(Collection collection, Slot slot) {
        if (collection.flow()) {
            edits.add(new TextEdit(collection.start(), collection.end(), "null"));
        } else {
            block.removeLines(slot.gap(), collection.end());
        }
    }
}
