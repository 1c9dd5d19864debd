package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.splice.SourceNode.Child;
import dev.pillion.yaml.splice.SourceNode.Collection;
import dev.pillion.yaml.splice.SourceNode.Mapping;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds whole lines to block collections and removes them. An addition is inserted directly below the last line of the child before it, or below
 * the collection's key, so that a comment above a child stays with it.
 */
final class BlockEdits {

    private final Lines lines;
    private final List<TextEdit> edits;

    BlockEdits(Lines lines, List<TextEdit> edits) {
        this.lines = lines;
        this.edits = edits;
    }

    /** @param header the last character before the collection: that of its key or of the dash before it */
    void change(Collection collection, List<Step> steps, int header, Layout layout) throws UnsupportedTextException {
        if (steps.stream().allMatch(Step.Removed.class::isInstance)) {
            throw new UnsupportedTextException("a block collection that becomes empty");
        }
        int column = lines.column(collection.children().getFirst().start());
        int at = header;
        for (Step step : steps) {
            switch (step) {
                case Step.Kept(Child child) -> at = child.end();
                case Step.Removed(Child child) -> remove(child);
                case Step.Added added -> {
                    if (at == header) {
                        mustStartItsLine(collection.children().getFirst());
                    }
                    insert(at, addition(collection, added, column, layout));
                }
            }
        }
    }

    private List<String> addition(Collection collection, Step.Added added, int column, Layout layout) {
        ValueText text = new ValueText(layout);
        if (!(collection instanceof Mapping)) {
            return text.item(added.value(), column);
        }
        List<String> entry = new ArrayList<>(text.entry(added.key(), added.value(), column));
        if (added.note().isPresent()) {
            String note = Note.text(added.note().get());
            if (ValueText.isBlock(added.value())) {
                entry.set(0, entry.getFirst() + " " + note);
            } else {
                String key = " ".repeat(column) + ScalarText.yaml(added.key()) + ": ";
                entry = List.of(key + note, " ".repeat(column + layout.step()) + text.flow(added.value()));
            }
        }
        return entry;
    }

    /** Inserts lines below the line of a character. */
    void insert(int at, List<String> inserted) {
        String lineBreak = lines.lineBreak(at);
        edits.add(TextEdit.insertion(lines.end(at), lineBreak + String.join(lineBreak, inserted)));
    }

    /** Inserts a mapping or sequence below a key or a dash. */
    void insert(int at, JsonNode collection, int column, Layout layout) {
        insert(at, new ValueText(layout).block(collection, column));
    }

    /** Removes the lines after the line of one character, up to the line of another. */
    void removeLines(int after, int last) {
        edits.add(TextEdit.deletion(lines.end(after), lines.end(last)));
    }

    private void remove(Child child) throws UnsupportedTextException {
        mustStartItsLine(child);
        int lineStart = lines.start(child.start());
        int end = lines.end(child.end());
        edits.add(
                lineStart == 0
                        ? TextEdit.deletion(0, lines.afterBreak(end))
                        : TextEdit.deletion(lines.beforeBreak(lineStart), end));
    }

    private void mustStartItsLine(Child child) throws UnsupportedTextException {
        if (!lines.isBlank(lines.start(child.start()), child.start())) {
            throw new UnsupportedTextException("a child that shares the line of its parent");
        }
    }
}
