package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.PlainScalars;
import dev.pillion.yaml.YamlException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Changes scalars in their own quotes. */
final class ScalarEdit {

    private static final PlainScalars SCALARS = new PlainScalars();

    /**
     * Precedes a string that had no quotes and needs them now. The second blank shows that Pillion has added the quotes and the tag, so that it
     * does not remove those of the document.
     */
    private static final String WAS_PLAIN = "!!str  ";

    /** Precedes a string that had the document's tag and no quotes. */
    private static final String MORE_BLANKS = "  ";

    private static final Pattern ESCAPED = Pattern.compile("\\\\([\"\\\\])");

    private ScalarEdit() {}

    static TextEdit of(
            String text, SourceNode.Scalar scalar, JsonNode before, JsonNode after, boolean json, boolean flow)
            throws UnsupportedTextException {
        int start = start(text, scalar);
        String source = text.substring(start, scalar.end());
        if (!before.isTextual() || !after.isTextual()) {
            if (scalar.isBlock()) {
                throw new UnsupportedTextException("a block scalar that changes");
            }
            return new TextEdit(start, scalar.end(), json ? ScalarText.json(after) : ScalarText.yaml(after));
        }
        String from = before.textValue();
        String to = after.textValue();
        return switch (scalar.style()) {
            case LITERAL, FOLDED ->
                new TextEdit(start, scalar.end(), BlockScalarEdit.of(source).changed(from, to));
            case SINGLE_QUOTED ->
                !ScalarText.isPrintable(to) || to.contains("\n")
                        ? new TextEdit(start, scalar.end(), ScalarText.quoted(to))
                        : inQuotes(start, source, from.replace("'", "''"), to.replace("'", "''"), '\'');
            case DOUBLE_QUOTED -> doubleQuoted(text, scalar, start, source, from, to, flow);
            default -> plain(scalar, start, source, from, to, flow);
        };
    }

    /** The start of the content, after the anchor, the tag, and comments. */
    private static int start(String text, SourceNode.Scalar scalar) {
        int at = scalar.properties().end();
        boolean comment = false;
        while (at < scalar.end()) {
            char c = text.charAt(at);
            boolean isBreak = c == '\n' || c == '\r';
            comment = !isBreak && (comment || c == '#' && !scalar.properties().isEmpty());
            if (!comment && !isBreak && c != ' ' && c != '\t') {
                return at;
            }
            at++;
        }
        return at;
    }

    /** A string of several lines keeps them if only its end changes. */
    private static TextEdit plain(
            SourceNode.Scalar scalar, int start, String source, String from, String to, boolean flow) {
        boolean tagged = scalar.properties().tag() != null;
        if (isPlain(to, flow, tagged)) {
            if (to.startsWith(from)) {
                return TextEdit.insertion(scalar.end(), to.substring(from.length()));
            }
            return from.startsWith(to) && source.endsWith(from.substring(to.length()))
                    ? TextEdit.deletion(scalar.end() - (from.length() - to.length()), scalar.end())
                    : new TextEdit(start, scalar.end(), to);
        }
        String quoted = to.startsWith(from)
                ? '"'
                        + source.replace("\\", "\\\\").replace("\"", "\\\"")
                        + ScalarText.escaped(to.substring(from.length()))
                        + '"'
                : ScalarText.quoted(to);
        return new TextEdit(start, scalar.end(), (tagged ? MORE_BLANKS : WAS_PLAIN) + quoted);
    }

    private static TextEdit doubleQuoted(
            String text, SourceNode.Scalar scalar, int start, String source, String from, String to, boolean flow) {
        String properties = text.substring(scalar.start(), start);
        boolean wasPlain = properties.endsWith(WAS_PLAIN);
        boolean wasTagged = !wasPlain && scalar.properties().tag() != null && properties.endsWith(" " + MORE_BLANKS);
        if (!wasPlain && !wasTagged) {
            return inQuotes(start, source, ScalarText.escaped(from), ScalarText.escaped(to), '"');
        }
        int startOfMark = start - (wasPlain ? WAS_PLAIN : MORE_BLANKS).length();
        String end = from.startsWith(to) ? ScalarText.escaped(from.substring(to.length())) + '"' : "\n";
        // Blank lines of the original are line breaks of the string.
        if (source.endsWith(end) && isPlain(to.replace('\n', ' '), flow, wasTagged)) {
            String escaped = source.substring(1, source.length() - end.length());
            return new TextEdit(
                    startOfMark, scalar.end(), ESCAPED.matcher(escaped).replaceAll("$1"));
        }
        if (isPlain(to, flow, wasTagged)) {
            return new TextEdit(startOfMark, scalar.end(), to);
        }
        return inQuotes(start, source, ScalarText.escaped(from), ScalarText.escaped(to), '"');
    }

    /** Changes only the end of the string if possible, so that the escapes before it stay unchanged. */
    private static TextEdit inQuotes(int start, String source, String from, String to, char quote) {
        int end = start + source.length();
        if (to.startsWith(from)) {
            return TextEdit.insertion(end - 1, to.substring(from.length()));
        }
        if (from.startsWith(to) && source.endsWith(from.substring(to.length()) + quote)) {
            return TextEdit.deletion(end - 1 - (from.length() - to.length()), end - 1);
        }
        return new TextEdit(start, end, quote + to + quote);
    }

    /** Whether a text can be written without quotes. @param tagged whether a tag says that it is a string */
    private static boolean isPlain(String text, boolean flow, boolean tagged) {
        return !text.isEmpty()
                && text.equals(text.strip())
                && ScalarText.isPrintable(text)
                && text.chars().noneMatch(c -> c == '\n' || c == '\t' || (flow && ",[]{}".indexOf(c) >= 0))
                && "-?:,[]{}#&*!|>'\"%@`".indexOf(text.charAt(0)) < 0
                && !text.contains(": ")
                && !text.contains(" #")
                && !text.endsWith(":")
                && (tagged || SCALARS.resolve(NodeId.scalar, text, true).equals(Tag.STR));
    }

    static boolean isMerge(SourceNode.Scalar key) {
        return node(key).getTag().equals(Tag.MERGE);
    }

    static String fieldName(SourceNode.Scalar key) throws UnsupportedTextException {
        try {
            return PlainScalars.fieldName(node(key));
        } catch (YamlException e) {
            throw new UnsupportedTextException(String.valueOf(e.getMessage()));
        }
    }

    static boolean isNull(SourceNode.Scalar scalar) {
        return node(scalar).getTag().equals(Tag.NULL);
    }

    private static ScalarNode node(SourceNode.Scalar scalar) {
        boolean plain = scalar.style() == ScalarStyle.PLAIN;
        @Nullable String written = scalar.properties().tag();
        Tag tag = written == null
                ? SCALARS.resolve(NodeId.scalar, scalar.value(), plain)
                : written.startsWith("!!") ? new Tag(Tag.PREFIX + written.substring(2)) : Tag.STR;
        return new ScalarNode(tag, scalar.value(), null, null, scalar.style());
    }
}
