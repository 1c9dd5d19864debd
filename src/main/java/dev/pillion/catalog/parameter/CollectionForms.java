package dev.pillion.catalog.parameter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.pod.ReviewLimits;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** The forms of lists and maps of strings in an annotation. */
final class CollectionForms {

    private static final Pattern SEPARATORS = Pattern.compile("[,\\n]");
    private static final Pattern PAIR_SEPARATOR = Pattern.compile(",?\\n|,(?=\\s*[-A-Za-z0-9_./]+\\s*=)|,\\s*$");
    private static final String DUPLICATE = "Duplicate field ";

    /** Without Jackson's table of names, which rejects names whose hashes collide. */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private CollectionForms() {}

    /** {@code a, b}, or a JSON list. */
    static JsonNode list(String text) throws InvalidValueException {
        return text.startsWith("[") ? texts(json(text)) : separated(text);
    }

    /** Each path once, in the order given. */
    static ArrayNode paths(JsonNode texts) throws InvalidValueException {
        Set<String> paths = new LinkedHashSet<>();
        for (JsonNode text : texts) {
            paths.add(ScalarForms.path(text.textValue()));
        }
        if (paths.isEmpty()) {
            throw new InvalidValueException("must name at least one absolute path such as /var/log/app");
        }
        if (paths.size() > ReviewLimits.PATHS) {
            throw InvalidValueException.tooLarge(
                    "names " + paths.size() + " paths; at most " + ReviewLimits.PATHS + " are allowed");
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        paths.forEach(list::add);
        return list;
    }

    /** {@code A=1, B=2}, or a JSON object. */
    static JsonNode map(String text) throws InvalidValueException {
        return text.startsWith("{") ? texts(json(text)) : pairs(text);
    }

    /** Returns the tree if all its elements are strings. */
    static JsonNode texts(JsonNode tree) throws InvalidValueException {
        for (JsonNode element : tree) {
            if (!element.isTextual()) {
                throw new InvalidValueException(
                        "must contain strings, contains " + Excerpt.of(element.toString()) + "; put it in quotes");
            }
        }
        return tree;
    }

    private static JsonNode json(String text) throws InvalidValueException {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            String message = e.getOriginalMessage();
            throw new InvalidValueException(
                    message.startsWith(DUPLICATE)
                            ? "has the key " + Excerpt.of(message.substring(DUPLICATE.length())) + " twice"
                            // The rest of the message is about the settings of the parser.
                            : "begins like JSON, but is not valid JSON: "
                                    + message.replaceFirst(" \\(start marker at .*|, from `[^`]*`", ""));
        }
    }

    private static ArrayNode separated(String text) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        SEPARATORS
                .splitAsStream(text)
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .forEach(list::add);
        return list;
    }

    /** A comma separates pairs only if another {@code KEY=} follows, so that values can contain commas. */
    private static ObjectNode pairs(String text) throws InvalidValueException {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        for (String pair : PAIR_SEPARATOR.split(text)) {
            if (pair.isBlank()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String key = equals < 0 ? "" : pair.substring(0, equals).strip();
            if (key.isEmpty()) {
                throw new InvalidValueException(
                        "must be KEY=value pairs, one on each line or separated by commas, or a JSON object; '"
                                + Excerpt.of(pair.strip()) + "' is not a pair");
            }
            if (map.has(key)) {
                throw new InvalidValueException("has the key " + ScalarForms.quoted(key) + " twice");
            }
            map.put(key, pair.substring(equals + 1).strip());
        }
        return map;
    }
}
