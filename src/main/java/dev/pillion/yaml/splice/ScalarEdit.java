package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.PlainScalars;
import dev.pillion.yaml.YamlException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Changes scalars in their own quotes. */
final class ScalarEdit {

    private static final PlainScalars SCALARS = new PlainScalars();

    /** Precedes a string that had no quotes and needs them now. */
    private static final String WAS_PLAIN = "!!str ";

    private static final Pattern ONE_LINE = Pattern.compile(
            "(?<style>[|>])-?(?<between>(?:[ \\t]+#[^\\r\\n]*|[ \\t]*)(?:\\r\\n|[\\r\\n]) +)(?<content>\\S[^\\r\\n]*)");

    private ScalarEdit() {}

    static TextEdit of(
            String text, SourceNode.Scalar scalar, JsonNode before, JsonNode after, boolean json, boolean flow)
            throws UnsupportedTextException {
        if (scalar.isMissing()) {
            throw new UnsupportedTextException("a missing value that changes");
        }
        if (scalar.isBlock()) {
            return inBlock(text, scalar, before, after);
        }
        String source = text.substring(scalar.properties().end(), scalar.end()).strip();
        int start = scalar.end() - source.length();
        if (!before.isTextual() || !after.isTextual()) {
            return new TextEdit(start, scalar.end(), json ? ScalarText.json(after) : ScalarText.yaml(after));
        }
        String from = before.textValue();
        String to = after.textValue();
        return switch (scalar.style()) {
            case SINGLE_QUOTED ->
                !ScalarText.isPrintable(to) || to.contains("\n")
                        ? new TextEdit(start, scalar.end(), ScalarText.quoted(to))
                        : inQuotes(start, source, from.replace("'", "''"), to.replace("'", "''"), '\'');
            case DOUBLE_QUOTED -> doubleQuoted(text, scalar, start, source, from, to, flow);
            default -> new TextEdit(start, scalar.end(), isPlain(to, flow) ? to : WAS_PLAIN + ScalarText.quoted(to));
        };
    }

    /** Changes a block scalar of one line. Its header says whether the string ends with a line break. */
    private static TextEdit inBlock(String text, SourceNode.Scalar scalar, JsonNode before, JsonNode after)
            throws UnsupportedTextException {
        int start = scalar.properties().end() + blanks(text, scalar.properties().end());
        Matcher block = ONE_LINE.matcher(text.substring(start, scalar.end()));
        String content = after.asText().replaceFirst("\\n$", "");
        if (!after.isTextual()
                || !block.matches()
                || !before.asText().replaceFirst("\\n$", "").equals(block.group("content"))
                || content.isBlank()
                || content.startsWith(" ")
                || content.contains("\n")
                || !ScalarText.isPrintable(content)) {
            throw new UnsupportedTextException("a block scalar that changes");
        }
        String strip = after.asText().endsWith("\n") ? "" : "-";
        return new TextEdit(start, scalar.end(), block.group("style") + strip + block.group("between") + content);
    }

    private static int blanks(String text, int from) {
        int count = 0;
        while (" \t".indexOf(text.charAt(from + count)) >= 0) {
            count++;
        }
        return count;
    }

    private static TextEdit doubleQuoted(
            String text, SourceNode.Scalar scalar, int start, String source, String from, String to, boolean flow) {
        boolean wasPlain = text.substring(scalar.start(), start).equals(WAS_PLAIN);
        return wasPlain && isPlain(to, flow)
                ? new TextEdit(scalar.start(), scalar.end(), to)
                : inQuotes(start, source, ScalarText.escaped(from), ScalarText.escaped(to), '"');
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

    /** Whether a text can stand without quotes. */
    private static boolean isPlain(String text, boolean flow) {
        return !text.isEmpty()
                && text.equals(text.strip())
                && ScalarText.isPrintable(text)
                && text.chars().noneMatch(c -> c == '\n' || c == '\t' || (flow && ",[]{}".indexOf(c) >= 0))
                && "-?:,[]{}#&*!|>'\"%@`".indexOf(text.charAt(0)) < 0
                && !text.contains(": ")
                && !text.contains(" #")
                && !text.endsWith(":")
                && SCALARS.resolve(NodeId.scalar, text, true).equals(Tag.STR);
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
