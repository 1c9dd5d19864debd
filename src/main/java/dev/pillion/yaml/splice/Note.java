package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A comment that says what stood in the place of an addition, where it cannot be told from the addition itself: an alias, or the
 * spelling of null. It lets the original text be restored.
 *
 * @param start of the comment
 * @param end after what stood there; a comment of the document's own may follow
 * @param original what stood there
 */
record Note(int start, int end, String original) {

    /** What was merged into the mapping by a merge key. */
    static final String MERGED = "<<";

    /** A missing value in a flow collection. */
    static final String NOTHING = "nothing";

    private static final String MARK = "# pillion.dev: was ";
    private static final Pattern FORM = Pattern.compile("[ \\t]*(" + MARK + "(\\S.*?))(?=[ \\t]+#|[ \\t]*[\\r\\n])");

    /** Whether what stood there means the same as the value, so that it can stand there again. */
    boolean isRestored(JsonNode value, Anchors anchors) {
        return isAlias() ? Trees.same(value, anchors.after(original)) : value.isNull() && !original.equals(MERGED);
    }

    boolean isAlias() {
        return original.startsWith("*");
    }

    static String text(String original) {
        return MARK + original;
    }

    /** The note between a colon, dash, comma or bracket and its value. */
    static Optional<Note> before(String text, int gap, SourceNode value) {
        if (value.start() <= gap) {
            return Optional.empty();
        }
        Matcher matcher = FORM.matcher(text).region(gap, value.start());
        return matcher.lookingAt()
                ? Optional.of(new Note(matcher.start(1), matcher.end(1), matcher.group(2)))
                : Optional.empty();
    }
}
