package dev.pillion.yaml.splice;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.YamlWriter;
import org.yaml.snakeyaml.reader.StreamReader;

/** Writes scalars. */
public final class ScalarText {

    private ScalarText() {}

    /** On one line, for every reader of YAML: without quotes where nobody takes it for anything but a text. */
    static String yaml(JsonNode scalar) {
        return scalar.isTextual() ? yaml(scalar.textValue()) : scalar.toString();
    }

    static String yaml(String text) {
        if (YamlWriter.isPlain(text)) {
            return text;
        }
        boolean easier = (text.indexOf('"') >= 0 || text.indexOf('\\') >= 0) && text.indexOf('\'') < 0;
        return easier && isPrintable(text) && !text.contains("\n") ? "'" + text + "'" : quoted(text);
    }

    static String json(JsonNode scalar) {
        return scalar.isTextual() ? quoted(scalar.textValue()) : scalar.toString();
    }

    /** In double quotes, with the escapes that JSON and YAML have in common. */
    public static String quoted(String text) {
        return '"' + escaped(text) + '"';
    }

    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        String json = new String(JsonStringEncoder.getInstance().quoteAsString(text));
        json.codePoints().forEach(codePoint -> {
            boolean supplementary = Character.isSupplementaryCodePoint(codePoint);
            if (supplementary || (isPrintable(codePoint) && !isOtherLineBreak(codePoint))) {
                escaped.appendCodePoint(codePoint);
            } else {
                escaped.append("\\u%04x".formatted(codePoint));
            }
        });
        return escaped.toString();
    }

    /** Whether all characters can stand in quotes or a block as they are; a line feed can. */
    public static boolean isPrintable(String text) {
        return text.codePoints().allMatch(codePoint -> isPrintable(codePoint) && !isOtherLineBreak(codePoint))
                && text.indexOf('\ufeff') < 0;
    }

    private static boolean isPrintable(int codePoint) {
        return StreamReader.isPrintable(codePoint) && codePoint != 0xFEFF;
    }

    /** Apart from the line feed. */
    private static boolean isOtherLineBreak(int codePoint) {
        return codePoint == '\r' || codePoint == 0x85 || codePoint == 0x2028 || codePoint == 0x2029;
    }
}
