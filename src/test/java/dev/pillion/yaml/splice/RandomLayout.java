package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Prints a tree as people and tools do: block and flow style, quotes, comments, anchors, and any indentation. */
final class RandomLayout {

    private final Random random;
    private final boolean json;
    private final int step;
    private final int dash;
    private final String dashBlank;
    private final int comments;
    private final int flows;
    private final Map<JsonNode, String> anchors = new HashMap<>();
    private final StringBuilder text = new StringBuilder();
    private int anchorCount;

    private RandomLayout(Random random) {
        this.random = random;
        this.json = random.nextInt(6) == 0;
        this.step = 1 + random.nextInt(4);
        this.dash = random.nextInt(2) * random.nextInt(5);
        this.dashBlank = random.nextInt(4) == 0 ? "   " : " ";
        this.comments = random.nextInt(3) * 12;
        this.flows = random.nextInt(3) * 15;
    }

    /** A map that is not empty, as a document of its own. */
    public static String print(Random random, ObjectNode map) {
        RandomLayout layout = new RandomLayout(random);
        if (layout.json) {
            layout.text.append(random.nextBoolean() ? map.toString() : layout.prettyJson(map, "\n"));
        } else if (layout.chance(layout.flows / 3)) {
            layout.text.append(layout.flow(map, 0));
        } else {
            layout.block(map, 0);
            layout.text.deleteCharAt(0);
        }
        layout.text.append(random.nextInt(4) == 0 ? "" : "\n");
        return layout.framed();
    }

    private String framed() {
        String start = json ? "" : pick("", "", "---\n", "# first\n", "\n\n", "# first\n---\n", "\ufeff");
        String end = json || !text.toString().endsWith("\n") ? "" : pick("", "", "# last\n", "...\n", "\n\n", "---\n");
        String framed = start + text + end;
        return switch (random.nextInt(6)) {
            case 0 -> framed.replace("\n", "\r\n");
            case 1 -> framed.replace("\n", "\r");
            default -> framed;
        };
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private String pick(String... from) {
        return from[random.nextInt(from.length)];
    }

    private void line(int column, String content) {
        if (chance(comments)) {
            text.append("\n")
                    .append(" ".repeat(random.nextInt(column + 1)))
                    .append(pick("# comment", "#", "", "# a: b"));
        }
        text.append("\n").append(" ".repeat(column)).append(content);
    }

    private String comment() {
        return chance(comments) ? pick(" # comment", "\t# with a tab", "  #", " ") : "";
    }

    private void block(ObjectNode map, int column) {
        map.properties().forEach(field -> {
            line(column, key(field.getKey()) + ":");
            value(field.getValue(), column, column + step, column + dash);
        });
    }

    private void block(ArrayNode list, int column) {
        list.forEach(element -> {
            line(column, "-");
            if (element instanceof ObjectNode map && !map.isEmpty() && !chance(flows)) {
                int start = text.length();
                block(map, column + 1 + dashBlank.length());
                compact(start, column);
            } else {
                value(element, column, column + 1 + dashBlank.length(), column + 1 + dashBlank.length());
            }
        });
    }

    /** Moves the first field to the line of the dash, unless a comment precedes it. */
    private void compact(int start, int column) {
        String block = text.substring(start);
        String indentation = "\n" + " ".repeat(column + 1 + dashBlank.length());
        if (block.startsWith(indentation)
                && block.charAt(indentation.length()) != ' '
                && block.charAt(indentation.length()) != '#') {
            text.setLength(start);
            text.append(dashBlank).append(block.substring(indentation.length()));
        }
    }

    private void value(JsonNode value, int column, int mapColumn, int listColumn) {
        String alias = anchors.get(value);
        if (alias != null && random.nextBoolean()) {
            text.append(" *").append(alias).append(comment());
            return;
        }
        String anchor = "";
        if (value.isContainerNode() && !anchors.containsKey(value) && random.nextInt(6) == 0) {
            anchor = " &a" + anchorCount++;
        }
        text.append(anchor);
        switch (value) {
            case ObjectNode map
            when !map.isEmpty() && !chance(flows) -> {
                text.append(comment());
                block(map, mapColumn);
            }
            case ArrayNode list
            when !list.isEmpty() && !chance(flows) -> {
                text.append(comment());
                block(list, listColumn);
            }
            case JsonNode nothing
            when nothing.isNull() ->
                text.append(pick("", " null", " ~", " Null")).append(comment());
            case JsonNode lines when isLiteral(lines) -> literal(lines.textValue(), column);
            default -> text.append(" ").append(flow(value, column + 1)).append(comment());
        }
        if (!anchor.isEmpty()) {
            anchors.put(value, anchor.substring(2));
        }
    }

    private boolean isLiteral(JsonNode value) {
        return value.isTextual()
                && value.textValue().matches("(?:[a-z#][a-z #:]*\\n+)*[a-z#][a-z #:]*\\n*")
                && value.textValue().contains("\n")
                && random.nextInt(4) > 0;
    }

    private void literal(String value, int column) {
        String stripped = value.stripTrailing();
        int breaks = value.length() - value.replaceFirst("\\n+$", "").length();
        if (!stripped.equals(value.replaceFirst("\\n+$", ""))) {
            text.append(" ").append(ScalarText.quoted(value));
            return;
        }
        text.append(breaks == 0 ? " |-" : breaks == 1 ? " |" : " |+")
                .append(comment().stripTrailing());
        int indentation = column + 1 + random.nextInt(3);
        stripped.lines()
                .forEach(line -> text.append("\n").append(line.isEmpty() ? "" : " ".repeat(indentation) + line));
        text.append("\n".repeat(Math.max(0, breaks - 1)));
    }

    private String key(String key) {
        return quoted(key);
    }

    private String quoted(String value) {
        if (YamlWriter.isPlain(value) && random.nextInt(3) > 0) {
            return value;
        }
        return ScalarText.isPrintable(value) && !value.contains("\n") && random.nextBoolean()
                ? "'" + value.replace("'", "''") + "'"
                : ScalarText.quoted(value);
    }

    private String flow(JsonNode value, int column) {
        if (value.isTextual()) {
            return quoted(value.textValue());
        }
        if (value.isValueNode()) {
            return value.toString();
        }
        List<String> children = new ArrayList<>();
        if (value instanceof ObjectNode map) {
            map.properties()
                    .forEach(field -> children.add(key(field.getKey()) + ": " + flow(field.getValue(), column + step)));
        } else {
            value.forEach(element -> children.add(flow(element, column + step)));
        }
        String open = value.isObject() ? "{" : "[";
        String close = value.isObject() ? "}" : "]";
        String lineBreak = "\n" + " ".repeat(column + step);
        return switch (children.isEmpty() ? 3 : random.nextInt(4)) {
            case 0 -> open + lineBreak + lines(children, lineBreak) + "\n" + " ".repeat(column) + close;
            case 1 -> open + " " + String.join(" , ", children) + pick(" ", ", ", " ,") + close;
            case 2 -> open + String.join(",", children).replace("},{", "}, {") + close;
            default -> open + String.join(", ", children) + pick("", " ") + close;
        };
    }

    private String lines(List<String> children, String lineBreak) {
        StringBuilder lines = new StringBuilder();
        for (int index = 0; index < children.size(); index++) {
            String comma = index < children.size() - 1 || random.nextInt(3) == 0 ? "," : "";
            lines.append(index == 0 ? "" : lineBreak)
                    .append(chance(comments) ? "# above" + lineBreak : "")
                    .append(children.get(index))
                    .append(comma)
                    .append(chance(comments) ? " # beside" : "");
        }
        return lines.toString();
    }

    private String prettyJson(JsonNode value, String lineBreak) {
        if (!value.isContainerNode() || value.isEmpty()) {
            return value.toString();
        }
        String inner = lineBreak + (step % 2 == 0 ? "\t" : "  ");
        List<String> children = new ArrayList<>();
        if (value instanceof ObjectNode map) {
            map.properties()
                    .forEach(field -> children.add(
                            ScalarText.quoted(field.getKey()) + ": " + prettyJson(field.getValue(), inner)));
        } else {
            value.forEach(element -> children.add(prettyJson(element, inner)));
        }
        String joined = inner + String.join("," + inner, children) + lineBreak;
        return value.isObject() ? "{" + joined + "}" : "[" + joined + "]";
    }
}
