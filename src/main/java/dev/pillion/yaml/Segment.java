package dev.pillion.yaml;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a text that is read separately: one JSON value, or a stream of YAML documents.
 *
 * @param text the whole text
 * @param start of the part in the text
 * @param end after the part
 * @param line of the start, from 0
 */
public record Segment(String text, int start, int end, int line, boolean json) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * Parts of JSON that YAML 1.1 does not have: an escaped slash, tabs between values, and characters that are line breaks or not allowed in
     * YAML. Outside of strings, JSON has only the tab.
     */
    private static final Pattern JSON_ONLY =
            Pattern.compile("\\\\.|[\\t\\x7f-\\x9f\\u2028\\u2029\\ufeff\\ufffe\\uffff]");

    /** The separator of two documents, with the blank lines after it. */
    private static final Pattern SEPARATOR = Pattern.compile("^---[ \\t]*(#.*)?(\\R\\s*|\\z)", Pattern.MULTILINE);

    private static final Pattern LINE_BREAK = Pattern.compile("\\r\\n|[\\r\\n]");

    /**
     * Splits a text like kubectl (YAMLOrJSONDecoder in k8s.io/apimachinery): into JSON values, or YAML documents of which some can be JSON.
     */
    public static List<Segment> of(String text) {
        List<Segment> segments = new ArrayList<>();
        addJson(text, segments);
        int at = segments.isEmpty() ? 0 : segments.getLast().end;
        if (segments.isEmpty() || !text.substring(at).isBlank()) {
            addYaml(text, at, segments);
        }
        return segments;
    }

    /** Adds the JSON values at the start of the text. */
    private static void addJson(String text, List<Segment> segments) {
        int mark = text.startsWith("\ufeff") ? 1 : 0;
        String values = text.substring(mark);
        String start = values.stripLeading();
        if (!start.startsWith("{") && !start.startsWith("[")) {
            return;
        }
        try (JsonParser parser = JSON.createParser(values)) {
            int at = mark;
            int line = 0;
            for (JsonToken token = parser.nextToken();
                    token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY;
                    token = parser.nextToken()) {
                parser.skipChildren();
                int end = mark + (int) parser.currentLocation().getCharOffset();
                segments.add(new Segment(text, at, end, line, true));
                line += lineBreaks(text, at, end);
                at = end;
            }
        } catch (IOException e) {
            // The rest is YAML or not readable. After two values kubectl reads JSON only.
            if (segments.size() > 1) {
                segments.clear();
            }
        }
    }

    /**
     * Adds YAML documents. A document that is JSON is a segment of its own. One with a byte order mark starts a segment, because YAML allows the mark
     * only at the start of a stream. Files that are joined have such marks.
     */
    private static void addYaml(String text, int from, List<Segment> segments) {
        int start = from;
        int line = lineBreaks(text, 0, from);
        Matcher separator = SEPARATOR.matcher(text).region(from, text.length());
        boolean found = separator.find();
        while (found) {
            int content = separator.end();
            found = separator.find();
            int end = found ? separator.start() : text.length();
            int mark = text.startsWith("\ufeff", content) ? 1 : 0;
            int first = content + mark;
            boolean json =
                    (text.startsWith("{", first) || text.startsWith("[", first)) && isJson(text.substring(first, end));
            if (json || mark > 0) {
                segments.add(new Segment(text, start, content, line, false));
                line += lineBreaks(text, start, content);
                start = content;
            }
            if (json) {
                segments.add(new Segment(text, first, end, line, true));
                line += lineBreaks(text, first, end);
                start = end;
            }
        }
        segments.add(new Segment(text, start, text.length(), line, false));
    }

    /** Whether a text is one JSON value. */
    public static boolean isJson(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    static int lineBreaks(String text, int start, int end) {
        Matcher breaks = LINE_BREAK.matcher(text).region(start, end);
        int count = 0;
        while (breaks.find()) {
            count++;
        }
        return count;
    }

    /** The input of SnakeYAML. As in kubectl, the last line ends with a line break, which matters for a block scalar. */
    public int[] codePoints() {
        String part = text.substring(start, end);
        return (json
                        ? JSON_ONLY.matcher(part).replaceAll(found -> Matcher.quoteReplacement(asYaml(found.group())))
                        : part.endsWith("\n") ? part : part + "\n")
                .codePoints()
                .toArray();
    }

    /** The position in the whole text of each code point in SnakeYAML's input, and the end of the text. */
    public int[] offsets() {
        int[] offsets = new int[codePoints().length + 1];
        Arrays.fill(offsets, end);
        int count = 0;
        Matcher different = JSON_ONLY.matcher(text).region(start, end);
        boolean found = json && different.find();
        for (int at = start; at < end; ) {
            if (found && different.start() == at) {
                int length = asYaml(different.group()).length();
                for (int index = 0; index < length; index++) {
                    offsets[count++] = at;
                }
                at = different.end();
                found = different.find();
            } else {
                offsets[count++] = at;
                at += Character.charCount(text.codePointAt(at));
            }
        }
        return offsets;
    }

    private static String asYaml(String jsonOnly) {
        return switch (jsonOnly) {
            case "\t" -> " ";
            case "\\/" -> "/";
            case String escape when escape.startsWith("\\") -> escape;
            case String other -> "\\u%04x".formatted((int) other.charAt(0));
        };
    }
}
