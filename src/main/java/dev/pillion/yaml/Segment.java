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
 * A part of a text that is read by itself: one JSON value, or a stream of YAML documents.
 *
 * @param text the whole text
 * @param start of the part in the text
 * @param end after the part
 * @param line of the start, from 0
 */
public record Segment(String text, int start, int end, int line, boolean json) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * What JSON has and YAML 1.1 has not: an escaped slash, tabs between values, and some characters that YAML takes for line breaks
     * or does not allow. Outside of strings JSON has none of them but the tab.
     */
    private static final Pattern JSON_ONLY =
            Pattern.compile("\\\\.|[\\t\\x7f-\\x9f\\u2028\\u2029\\ufeff\\ufffe\\uffff]");

    /** Between two documents, with the blank lines after it. */
    private static final Pattern SEPARATOR = Pattern.compile("^---[ \\t]*(#.*)?(\\R\\s*|\\z)", Pattern.MULTILINE);

    private static final Pattern LINE_BREAK = Pattern.compile("\\r\\n|[\\r\\n]");

    /**
     * The parts of a text as kubectl takes it apart (YAMLOrJSONDecoder in k8s.io/apimachinery): JSON values one after the other, or
     * YAML documents, of which some may be JSON.
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

    /** The JSON values that the text begins with. */
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
            // What is left is YAML, or nothing that can be read. After two values kubectl reads JSON only.
            if (segments.size() > 1) {
                segments.clear();
            }
        }
    }

    /** YAML documents, and those among them that are JSON by themselves. */
    private static void addYaml(String text, int from, List<Segment> segments) {
        int start = from;
        int line = lineBreaks(text, 0, from);
        Matcher separator = SEPARATOR.matcher(text).region(from, text.length());
        boolean found = separator.find();
        while (found) {
            int content = separator.end();
            found = separator.find();
            int end = found ? separator.start() : text.length();
            if (text.startsWith("{", content) || text.startsWith("[", content)) {
                String document = text.substring(content, end);
                if (isJson(document)) {
                    segments.add(new Segment(text, start, content, line, false));
                    line += lineBreaks(text, start, content);
                    segments.add(new Segment(text, content, end, line, true));
                    line += lineBreaks(text, content, end);
                    start = end;
                }
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

    /** What SnakeYAML reads. Like kubectl, it gets a last line that ends, which shows in a block scalar. */
    public int[] codePoints() {
        String part = text.substring(start, end);
        return (json
                        ? JSON_ONLY.matcher(part).replaceAll(found -> Matcher.quoteReplacement(asYaml(found.group())))
                        : part.endsWith("\n") ? part : part + "\n")
                .codePoints()
                .toArray();
    }

    /** Where each code point that SnakeYAML reads is in the whole text, and where the text ends. */
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
