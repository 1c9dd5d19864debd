package dev.pillion.yaml.splice;

import java.util.Comparator;
import java.util.List;

/**
 * One change of a text.
 *
 * @param start of the characters that are replaced
 * @param end the index after them; the start for an insertion
 */
record TextEdit(int start, int end, String replacement) {

    static TextEdit insertion(int at, String text) {
        return new TextEdit(at, at, text);
    }

    static TextEdit deletion(int start, int end) {
        return new TextEdit(start, end, "");
    }

    /**
     * The text with all edits. Insertions at one place are in the order of the edits and before a deletion at this place.
     *
     * @param edits that do not overlap
     */
    static String apply(String text, List<TextEdit> edits) {
        StringBuilder edited = new StringBuilder(text.length());
        int at = 0;
        for (TextEdit edit : ordered(edits)) {
            edited.append(text, at, edit.start).append(edit.replacement);
            at = edit.end;
        }
        return edited.append(text, at, text.length()).toString();
    }

    /** @throws UnsupportedTextException if two edits overlap */
    static void check(List<TextEdit> edits) throws UnsupportedTextException {
        int at = 0;
        for (TextEdit edit : ordered(edits)) {
            if (edit.start < at) {
                throw new UnsupportedTextException("two changes that overlap");
            }
            at = edit.end;
        }
    }

    private static List<TextEdit> ordered(List<TextEdit> edits) {
        return edits.stream()
                .sorted(Comparator.comparingInt(TextEdit::start).thenComparing(edit -> edit.end > edit.start))
                .toList();
    }
}
