package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.splice.SourceNode.Mapping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes scalars so that their text can be restored. If the text cannot be derived from the original value, for example because other lines would be
 * folded or other characters escaped, a note records it.
 */
final class ScalarChanges {

    private final Lines lines;
    private final Layout layout;
    private final List<TextEdit> edits;
    private final Replacements replacements;

    ScalarChanges(Lines lines, Layout layout, List<TextEdit> edits, Replacements replacements) {
        this.lines = lines;
        this.layout = layout;
        this.edits = edits;
        this.replacements = replacements;
    }

    /** @param noted whether a note before the scalar records its original already */
    void change(SourceNode.Scalar scalar, JsonNode before, JsonNode after, Slot slot, boolean noted)
            throws UnsupportedTextException {
        if (scalar.isMissing()) {
            throw new UnsupportedTextException("a missing value that changes");
        }
        if (layout.json() || noted) {
            edits.add(ScalarEdit.of(lines.text(), scalar, before, after, layout.json(), slot.flow()));
            return;
        }
        String source = lines.text().substring(scalar.start(), scalar.end());
        @Nullable TextEdit edit = edit(lines.text(), scalar, before, after, slot);
        if (edit != null) {
            TextEdit within =
                    new TextEdit(edit.start() - scalar.start(), edit.end() - scalar.start(), edit.replacement());
            String blank = scalar.isBlock() ? lines.blankLinesAfter(scalar.end()) : "";
            String changed = TextEdit.apply(source, List.of(within)) + blank;
            if (isRestored(source + blank, changed, before, after, slot)) {
                edits.add(edit);
                return;
            }
        }
        @Nullable String anchor = scalar.properties().anchor();
        replacements.replace(scalar, ScalarText.quoted(source), anchor == null ? "" : "&" + anchor + " ", after, slot);
    }

    private static @Nullable TextEdit edit(
            String text, SourceNode.Scalar scalar, JsonNode before, JsonNode after, Slot slot) {
        try {
            return ScalarEdit.of(text, scalar, before, after, false, slot.flow());
        } catch (UnsupportedTextException e) {
            return null;
        }
    }

    /** Whether the changed text has the new value, and the opposite change gives the original text. */
    private static boolean isRestored(String source, String changed, JsonNode before, JsonNode after, Slot slot)
            throws UnsupportedTextException {
        String text = Note.document(changed, slot);
        if (!Trees.same(after, Note.valueOf(text))) {
            return false;
        }
        SourceNode root = SourceParser.documents(new Lines(text)).getFirst();
        if (!(root instanceof Mapping map && map.children().getFirst().value() instanceof SourceNode.Scalar scalar)) {
            return false;
        }
        @Nullable TextEdit edit = edit(text, scalar, /* before= */ after, /* after= */ before, slot);
        return edit != null && TextEdit.apply(text, List.of(edit)).equals(Note.document(source, slot));
    }
}
