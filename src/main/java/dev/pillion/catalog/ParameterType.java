package dev.pillion.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pillion.expression.Excerpt;
import dev.pillion.expression.Type;
import dev.pillion.expression.Type.ListOf;
import dev.pillion.expression.Type.MapOf;
import dev.pillion.expression.Type.Scalar;
import dev.pillion.expression.Type.Struct;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The types of a profile's parameters: how each is written in an annotation and what an expression sees of it. */
public enum ParameterType {
    STRING(Scalar.STRING),
    INTEGER(Scalar.INTEGER),
    BOOLEAN(Scalar.BOOLEAN),
    /** A TCP or UDP port, 1 to 65535. */
    PORT(Scalar.INTEGER),
    /** An absolute directory or file in a container. */
    PATH(Scalar.STRING),
    /** As Go and Kubernetes write them: {@code 90s}, {@code 1m30s}. */
    DURATION(Scalar.STRING),
    /** A Kubernetes resource quantity: {@code 100m}, {@code 64Mi}. */
    QUANTITY(Scalar.STRING),
    /** An image reference, as {@code registry.example/team/app:1.2}. */
    IMAGE(Scalar.STRING),
    /** One of the parameter's {@code values}. */
    ENUM(Scalar.STRING),
    /** Texts: separated by commas or lines, or a JSON list. */
    LIST(new ListOf(Scalar.STRING)),
    /** Texts by name: {@code KEY=value} pairs separated by commas or lines, or a JSON object. */
    MAP(new MapOf(Scalar.STRING)),
    /** Places on the network, separated by commas, spaces or lines. */
    ENDPOINTS(new ListOf(new Struct(ParameterType.ENDPOINT)));

    static final String ENDPOINT = "Endpoint";

    /** What an expression sees of each of the endpoints. {@code name} is unique among them and fit for a container's name. */
    static final Map<String, Type> ENDPOINT_FIELDS = Map.of(
            "scheme", Scalar.STRING,
            "host", Scalar.STRING,
            "port", Scalar.INTEGER,
            "path", Scalar.STRING,
            "address", Scalar.STRING,
            "url", Scalar.STRING,
            "name", Scalar.STRING);

    private static final Pattern SEPARATORS = Pattern.compile("[,\\n]");
    private static final Pattern TARGET_SEPARATORS = Pattern.compile("[,\\s]+");
    private static final Pattern PAIR_SEPARATOR = Pattern.compile(",?\\n|,(?=\\s*[-A-Za-z0-9_./]+\\s*=)|,\\s*$");
    private static final Pattern DURATION_FORM = Pattern.compile("0|([0-9]+(\\.[0-9]+)?(h|m|s|ms))+");
    private static final Pattern DURATION_PART = Pattern.compile("([0-9.]+)(h|ms|m|s)");

    /** Go counts nanoseconds in 64 bits. */
    private static final BigDecimal MAX_NANOSECONDS = BigDecimal.valueOf(Long.MAX_VALUE);

    private static final Map<String, BigDecimal> NANOSECONDS = Map.of(
            "h",
            new BigDecimal("3600e9"),
            "m",
            new BigDecimal("60e9"),
            "s",
            new BigDecimal("1e9"),
            "ms",
            new BigDecimal("1e6"));

    private static final Pattern QUANTITY_FORM =
            Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?");
    private static final Pattern IMAGE_FORM = Pattern.compile(
            "([a-zA-Z0-9][-a-zA-Z0-9._]*(:[0-9]+)?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
                    + "(:[A-Za-z0-9_][-A-Za-z0-9_.]{0,127})?(@[a-z0-9]+:[0-9a-f]{32,})?");

    /** An image has at most 255 characters, a tag and a digest; a much longer text would be too deep for these patterns. */
    private static final int MAX_MATCHED = 1_000;

    /** Each becomes a container of its own, and a Pod with so many is none that a node would run. */
    private static final int MAX_ENDPOINTS = 100;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Type type;

    ParameterType(Type type) {
        this.type = type;
    }

    /** What an expression sees. */
    public Type type() {
        return type;
    }

    /** The word for it in a profile. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<ParameterType> of(String word) {
        for (ParameterType type : values()) {
            if (type.word().equals(word)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    static List<String> words() {
        List<String> words = new ArrayList<>();
        for (ParameterType type : values()) {
            words.add(type.word());
        }
        return words;
    }

    /** Reads what an annotation says. */
    JsonNode parse(String text) throws InvalidValueException {
        String value = text.strip();
        return switch (this) {
            case STRING, ENUM -> TextNode.valueOf(text);
            case INTEGER -> LongNode.valueOf(integer(value));
            case BOOLEAN -> BooleanNode.valueOf(truth(value));
            case PORT -> LongNode.valueOf(port(value));
            case PATH -> TextNode.valueOf(path(value));
            case DURATION -> TextNode.valueOf(duration(value));
            case QUANTITY -> TextNode.valueOf(matching(QUANTITY_FORM, value, "a quantity such as 100m, 64Mi or 2"));
            case IMAGE ->
                TextNode.valueOf(matching(IMAGE_FORM, value, "an image such as registry.example/team/app:1.2"));
            case LIST -> value.startsWith("[") ? read(json(value)) : list(value);
            case MAP -> value.startsWith("{") ? read(json(value)) : map(value);
            case ENDPOINTS -> {
                ArrayNode endpoints = endpoints(value);
                if (endpoints.isEmpty()) {
                    throw new InvalidValueException(
                            "must name at least one target, as postgres:5432 or dns://cache, is " + quoted(value));
                }
                yield endpoints;
            }
        };
    }

    /** Reads what a profile says, or what an expression gave, in YAML's own form or as a text. */
    JsonNode read(JsonNode tree) throws InvalidValueException {
        if (tree.isTextual()) {
            return parse(tree.textValue());
        }
        return switch (this) {
            case INTEGER, PORT, BOOLEAN -> parse(tree.isContainerNode() ? "a list or map" : tree.asText());
            case STRING, ENUM, PATH, DURATION, QUANTITY, IMAGE ->
                throw new InvalidValueException(
                        "must be a string, is " + shown(tree) + (tree.isValueNode() ? "; put it in quotes" : ""));
            case LIST -> {
                if (!tree.isArray()) {
                    throw new InvalidValueException("must be a list, is " + shown(tree));
                }
                yield texts(tree);
            }
            case MAP -> {
                if (!tree.isObject()) {
                    throw new InvalidValueException("must be a map, is " + shown(tree));
                }
                yield texts(tree);
            }
            case ENDPOINTS -> {
                if (!tree.isArray()) {
                    throw new InvalidValueException("must be a list of endpoints, is " + shown(tree));
                }
                StringBuilder targets = new StringBuilder();
                for (JsonNode element : tree) {
                    JsonNode target = element.isObject() ? element.path("url") : element;
                    if (!target.isTextual()) {
                        throw new InvalidValueException("must be a list of endpoints, holds " + shown(element));
                    }
                    targets.append(target.textValue()).append('\n');
                }
                yield endpoints(targets.toString());
            }
        };
    }

    /** What is wrong with a text of a profile; of one with an expression in it nothing is known yet. */
    Optional<String> problemOf(JsonNode text) {
        if (!text.isTextual() || text.textValue().contains("${")) {
            return Optional.empty();
        }
        try {
            parse(text.textValue());
            return Optional.empty();
        } catch (InvalidValueException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static JsonNode texts(JsonNode tree) throws InvalidValueException {
        for (JsonNode element : tree) {
            if (!element.isTextual()) {
                throw new InvalidValueException("must hold strings, holds " + shown(element) + "; put it in quotes");
            }
        }
        return tree;
    }

    private static final String DUPLICATE = "Duplicate field ";

    private static JsonNode json(String text) throws InvalidValueException {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            String message = e.getOriginalMessage();
            throw new InvalidValueException(
                    message.startsWith(DUPLICATE)
                            ? "has the key " + Excerpt.of(message.substring(DUPLICATE.length())) + " twice"
                            // What follows is about the parser's settings.
                            : "begins like JSON and is not: "
                                    + message.replaceFirst(" \\(start marker at .*|, from `[^`]*`", ""));
        }
    }

    private static long integer(String text) throws InvalidValueException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new InvalidValueException("must be an integer such as 3, is " + quoted(text));
        }
    }

    private static boolean truth(String text) throws InvalidValueException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidValueException("must be true or false, is " + quoted(text));
        };
    }

    private static long port(String text) throws InvalidValueException {
        if (!text.matches("[0-9]{1,5}") || Long.parseLong(text) < 1 || Long.parseLong(text) > 65_535) {
            throw new InvalidValueException("must be a port from 1 to 65535, is " + quoted(text));
        }
        return Long.parseLong(text);
    }

    /** A mount path may hold no colon (Kubernetes validation); dots that climb could leave the directory that is meant. */
    private static String path(String text) throws InvalidValueException {
        String path = text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        boolean plain = path.startsWith("/") && path.length() > 1 && path.length() <= 4_096 && path.indexOf(':') < 0;
        if (!plain) {
            throw new InvalidValueException(
                    "must be an absolute path such as /var/log/app, below / and without a colon, is " + quoted(text));
        }
        for (String step : path.substring(1).split("/", -1)) {
            if (step.isEmpty() || step.equals(".") || step.equals("..")) {
                throw new InvalidValueException("must be a path without //, . and .., is " + quoted(text));
            }
        }
        return path;
    }

    private static String duration(String text) throws InvalidValueException {
        matching(DURATION_FORM, text, "a duration such as 30s, 5m or 1h30m");
        BigDecimal nanoseconds = DURATION_PART
                .matcher(text)
                .results()
                .map(part -> new BigDecimal(part.group(1))
                        .multiply(NANOSECONDS.getOrDefault(part.group(2), BigDecimal.ZERO)))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        if (nanoseconds.compareTo(MAX_NANOSECONDS) > 0) {
            throw new InvalidValueException("must be a duration of at most 2562047h47m, is " + quoted(text));
        }
        return text;
    }

    private static String quoted(String text) {
        return "'" + Excerpt.of(text) + "'";
    }

    private static String shown(JsonNode tree) {
        return Excerpt.of(tree.toString());
    }

    private static String matching(Pattern form, String text, String what) throws InvalidValueException {
        if (text.length() > MAX_MATCHED || !form.matcher(text).matches()) {
            throw new InvalidValueException("must be " + what + ", is " + quoted(text));
        }
        return text;
    }

    private static ArrayNode list(String text) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        SEPARATORS
                .splitAsStream(text)
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .forEach(list::add);
        return list;
    }

    /** A comma separates pairs only where another {@code KEY=} follows it, so that a value may hold commas. */
    private static ObjectNode map(String text) throws InvalidValueException {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        for (String pair : PAIR_SEPARATOR.split(text)) {
            if (pair.isBlank()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String key = equals < 0 ? "" : pair.substring(0, equals).strip();
            if (key.isEmpty()) {
                throw new InvalidValueException(
                        "must be KEY=value pairs, one to a line or separated by commas, or a JSON object; '"
                                + Excerpt.of(pair.strip()) + "' is no pair");
            }
            if (map.has(key)) {
                throw new InvalidValueException("has the key " + quoted(key) + " twice");
            }
            map.put(key, pair.substring(equals + 1).strip());
        }
        return map;
    }

    private static ArrayNode endpoints(String text) throws InvalidValueException {
        List<String> targets = TARGET_SEPARATORS
                .splitAsStream(text)
                .filter(target -> !target.isEmpty())
                .toList();
        if (targets.size() > MAX_ENDPOINTS) {
            throw new InvalidValueException(
                    "names " + targets.size() + " targets; at most " + MAX_ENDPOINTS + " are allowed");
        }
        ArrayNode endpoints = JsonNodeFactory.instance.arrayNode();
        Set<String> names = new HashSet<>();
        for (String target : targets) {
            Endpoint endpoint = Endpoint.parse(target);
            endpoints.add(endpoint.toJson(unused(endpoint.slug(), names)));
        }
        return endpoints;
    }

    /** Room is left for the prefix that a profile puts before it. */
    private static String unused(String wanted, Set<String> used) {
        String name = DnsLabel.shortened(wanted, 40);
        for (int again = 2; !used.add(name); again++) {
            name = DnsLabel.shortened(wanted, 40) + "-" + again;
        }
        return name;
    }
}
