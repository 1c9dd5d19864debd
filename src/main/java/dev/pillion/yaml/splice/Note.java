package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A comment with the original text in the place of an addition, for text that cannot be derived from the addition: an alias, the spelling of
 * null, or the lines of a string. It makes it possible to restore the original.
 *
 * @param start of the comment
 * @param end after the original text; a comment of the document can follow
 * @param original the original text; in double quotes for a scalar other than null
 */
record Note(int start, int end, String original) {

    /** The original of a field that a merge key provides. */
    static final String MERGED = "<<";

    /** A missing value in a flow collection. */
    static final String NOTHING = "nothing";

    private static final String MARK = "# pillion.dev: was ";
    private static final String QUOTED = "\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"";
    private static final Pattern FORM =
            Pattern.compile("[ \\t]*(" + MARK + "(" + QUOTED + "|\\S.*?))(?=[ \\t]+#|[ \\t]*[\\r\\n])");

    /** Whether the original has the same meaning as the value, so that it can be restored. */
    boolean isRestored(JsonNode value, Anchors anchors, Slot slot) {
        if (isQuoted()) {
            return Trees.same(value, valueOf(document(source(), slot)));
        }
        return isAlias() ? Trees.same(value, anchors.after(original)) : value.isNull() && !original.equals(MERGED);
    }

    private boolean isQuoted() {
        return original.startsWith("\"");
    }

    /** The original text without the quotes of this note. */
    String source() {
        return isQuoted() ? valueOf("v: " + original).asText() : original;
    }

    /** A document with one field, which has this source text and the indentation of a slot. */
    static String document(String source, Slot slot) {
        return slot.flow() ? "{v: " + source + "\n}\n" : " ".repeat(slot.column()) + "v: " + source + "\n";
    }

    /** The value of the field; missing if the text has another form. */
    static JsonNode valueOf(String document) {
        try {
            return YamlReader.read(document).getFirst().tree().path("v");
        } catch (YamlException e) {
            return MissingNode.getInstance();
        }
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
