package dev.pillion.expression;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * Explains an expression that YAML does not read as text because it is not in quotes. In {@code ${a ? b : c}}, the {@code ": "} ends the name of
 * a field. In a flow collection, the brace of an expression opens a map.
 */
public final class UnquotedExpression {

    private UnquotedExpression() {}

    /**
     * The suggestion for a line of a file that is not YAML, if the line has an expression outside of quotes.
     *
     * @param line of the error, from 1; the parser may report the line after the one that is wrong
     */
    public static Optional<String> inLine(String text, int line) {
        String[] lines = text.split("\\R", -1);
        for (int index = Math.min(line, lines.length) - 1; index >= Math.max(0, line - 2); index--) {
            int start = start(lines[index]);
            if (start >= 0) {
                String expression = expression(lines[index], start);
                return Optional.of(explanation(
                        !expression.endsWith("}")
                                ? "\"${a ? b : c}\""
                                : lines[index].substring(0, start)
                                        + quoted(expression)
                                        + lines[index].substring(start + expression.length())));
            }
        }
        return Optional.empty();
    }

    /** The suggestion for a map that is an expression without quotes. */
    public static Optional<String> inTree(JsonNode tree) {
        if (!tree.isObject() || tree.size() != 1) {
            return Optional.empty();
        }
        Map.Entry<String, JsonNode> field = tree.properties().iterator().next();
        int start = field.getKey().indexOf("${");
        return start < 0
                        || field.getKey().indexOf('}', start) >= 0
                        || !field.getValue().isValueNode()
                ? Optional.empty()
                : Optional.of(explanation(
                        quoted(field.getKey() + " : " + field.getValue().asText())));
    }

    private static String explanation(String line) {
        return "a ${…} with ': ' in it, or inside [ ] or { }, must be in quotes; write " + line.strip();
    }

    /** The index of the first expression outside of quotes; -1 if there is none. */
    private static int start(String line) {
        char quote = 0;
        for (int index = 0; index < line.length(); index++) {
            char letter = line.charAt(index);
            if (quote == 0 && line.startsWith("${", index)) {
                return index;
            }
            boolean first = index == 0 || " [{,".indexOf(line.charAt(index - 1)) >= 0;
            if (quote == 0 && letter == '#' && first) {
                return -1;
            }
            if (quote == 0 && first && (letter == '"' || letter == '\'')) {
                quote = letter;
            } else if (letter == quote) {
                quote = 0;
            }
        }
        return -1;
    }

    /** The expression up to its closing brace, or to the end of the line if the brace is in another line. */
    private static String expression(String line, int start) {
        int depth = 0;
        for (int index = start + 1; index < line.length(); index++) {
            if (line.charAt(index) == '{') {
                depth++;
            } else if (line.charAt(index) == '}' && --depth == 0) {
                return line.substring(start, index + 1);
            }
        }
        return line.substring(start).stripTrailing();
    }

    private static String quoted(String expression) {
        return expression.contains("\"")
                ? "'" + expression.replace("'", "''") + "'"
                : "\"" + expression.replace("\\", "\\\\") + "\"";
    }
}
