package dev.pillion.yaml.splice;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.YamlWriter;
import org.yaml.snakeyaml.reader.StreamReader;

/** Writes scalars. */
final class ScalarText {

    private ScalarText() {}

    /** Writes a scalar on one line: without quotes if every reader of YAML reads it as the same string. */
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

    /** The string in double quotes, with the common escapes of JSON and YAML. */
    static String quoted(String text) {
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

    /** Whether quotes and blocks can contain all characters without escapes. A line feed is allowed. */
    static boolean isPrintable(String text) {
        return text.codePoints().allMatch(codePoint -> isPrintable(codePoint) && !isOtherLineBreak(codePoint))
                && text.indexOf('\ufeff') < 0;
    }

    private static boolean isPrintable(int codePoint) {
        return StreamReader.isPrintable(codePoint) && codePoint != 0xFEFF;
    }

    /** Whether it is a line break other than the line feed. */
    private static boolean isOtherLineBreak(int codePoint) {
        return codePoint == '\r' || codePoint == 0x85 || codePoint == 0x2028 || codePoint == 0x2029;
    }
}
