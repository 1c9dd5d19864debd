package dev.pillion.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads YAML, and so JSON, into trees. */
public final class YamlReader {

    /** Anchors may make a small text large: a document may have at most this many nodes once they are followed. */
    private static final int MAX_NODES = 2_000_000;

    private static final int MAX_CHARACTERS = 64 * 1024 * 1024;
    private static final Pattern JSON_INTEGER = Pattern.compile("-?(0|[1-9][0-9]*)");
    private static final Pattern JSON_DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]{1,4})?");
    private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

    private final Scalars scalars = new Scalars();
    private final Map<String, Integer> lines = new HashMap<>();
    private int nodes;

    private YamlReader() {}

    /**
     * All documents of a stream; empty ones are left out.
     *
     * @throws YamlException with the line, when the text is not YAML, has a field twice, or grows beyond all measure by its anchors
     */
    public static List<Document> read(String text) throws YamlException {
        LoaderOptions options = options();
        List<Document> documents = new ArrayList<>();
        try {
            for (Node root : new Yaml(options).composeAll(new StringReader(text))) {
                YamlReader reader = new YamlReader();
                JsonNode tree = reader.tree(root, "");
                if (!tree.isNull()) {
                    documents.add(new Document(tree, Map.copyOf(reader.lines)));
                }
            }
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new YamlException(
                    line, e.getContext() == null ? e.getProblem() : e.getContext() + ": " + e.getProblem());
        } catch (YAMLException e) {
            throw new YamlException(1, String.valueOf(e.getMessage()));
        }
        return documents;
    }

    private static LoaderOptions options() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setNestingDepthLimit(100);
        options.setAllowDuplicateKeys(false);
        return options;
    }

    private JsonNode tree(Node node, String path) throws YamlException {
        if (++nodes > MAX_NODES) {
            throw new YamlException(
                    line(node), "the document has more than " + MAX_NODES + " values once its anchors are followed");
        }
        lines.putIfAbsent(path, line(node));
        return switch (node) {
            case MappingNode mapping -> object(mapping, path);
            case SequenceNode sequence -> array(sequence, path);
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new YamlException(line(node), "an alias that points nowhere");
        };
    }

    private ObjectNode object(MappingNode mapping, String path) throws YamlException {
        scalars.mergeInto(mapping);
        ObjectNode object = NODES.objectNode();
        for (NodeTuple field : mapping.getValue()) {
            if (!(field.getKeyNode() instanceof ScalarNode key)) {
                throw new YamlException(line(field.getKeyNode()), "a field's name must be a plain text");
            }
            String at = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            if (object.has(key.getValue())) {
                throw new YamlException(line(key), "the field '" + at + "' stands twice");
            }
            lines.put(at, line(key));
            object.set(key.getValue(), tree(field.getValueNode(), at));
        }
        return object;
    }

    private ArrayNode array(SequenceNode sequence, String path) throws YamlException {
        ArrayNode array = NODES.arrayNode(sequence.getValue().size());
        for (Node element : sequence.getValue()) {
            array.add(tree(element, path + "[" + array.size() + "]"));
        }
        return array;
    }

    private JsonNode scalar(ScalarNode node) {
        String text = node.getValue();
        Tag tag = node.getTag();
        if (tag.equals(Tag.INT)) {
            return JSON_INTEGER.matcher(text).matches() ? integer(new BigInteger(text)) : number(scalars.value(node));
        }
        if (tag.equals(Tag.FLOAT)) {
            return JSON_DECIMAL.matcher(text).matches() ? decimal(text) : number(scalars.value(node));
        }
        if (tag.equals(Tag.BOOL)) {
            return NODES.booleanNode(Boolean.TRUE.equals(scalars.value(node)));
        }
        if (tag.equals(Tag.NULL)) {
            return NODES.nullNode();
        }
        return NODES.textNode(text);
    }

    private static JsonNode number(Object value) {
        return switch (value) {
            case Integer integer -> NODES.numberNode(integer);
            case Long integer -> NODES.numberNode(integer);
            case BigInteger integer -> integer(integer);
            case Double decimal
            when !decimal.isInfinite() && !decimal.isNaN() -> NODES.numberNode(BigDecimal.valueOf(decimal));
            default -> NODES.textNode(String.valueOf(value));
        };
    }

    /** BigDecimal keeps every digit, but knows no negative zero. */
    private static JsonNode decimal(String text) {
        BigDecimal exact = new BigDecimal(text);
        return exact.signum() == 0 && text.startsWith("-") ? NODES.numberNode(-0.0) : NODES.numberNode(exact);
    }

    private static JsonNode integer(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return NODES.numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    /** SnakeYAML's own reading of scalars and merge keys, which it offers to subclasses only. */
    private static final class Scalars extends SafeConstructor {

        Scalars() {
            super(options());
        }

        Object value(ScalarNode node) {
            return constructObject(node);
        }

        void mergeInto(MappingNode mapping) {
            if (mapping.isMerged()) {
                flattenMapping(mapping);
            }
        }
    }
}
