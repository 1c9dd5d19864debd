package dev.pillion.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
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

    /** Anchors may make a small text large: a document may have this many values more than characters, once they are followed. */
    private static final int MAX_REPEATED = 100_000;

    /** Of the path of a field: what stands in a longer one has the line of that. No path that people write is a tenth as long. */
    private static final int MAX_PATH = 1_000;

    /** Of all paths of a document together, in characters. The lines of further fields are those of what they stand in. */
    private static final int MAX_PATHS = 16 * 1024 * 1024;

    private static final int MAX_CHARACTERS = 64 * 1024 * 1024;
    private static final int MAX_DEPTH = 100;
    private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<MappingNode, Map<String, NodeTuple>> fields = new IdentityHashMap<>();

    /** The nodes around the one that is being read. */
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private final int maxNodes;
    private int nodes;

    /** Maps and lists that merge keys name, and fields that they copy. A map that is only merged is none of the document's values. */
    private int merged;

    private int pathCharacters;

    private YamlReader(int maxNodes) {
        this.maxNodes = maxNodes;
    }

    /**
     * All documents of a stream; empty ones are left out.
     *
     * @throws YamlException with the line, when the text is not YAML, has a field twice, or grows beyond all measure by its anchors
     */
    public static List<Document> read(String text) throws YamlException {
        return read(text, Integer.MAX_VALUE);
    }

    /**
     * All documents of a stream; empty ones are left out.
     *
     * @param maxNodes the most maps, lists and scalars that the stream may have
     * @throws YamlException with the line, when the text is not YAML, has a field twice, or is too large
     */
    public static List<Document> read(String text, int maxNodes) throws YamlException {
        if (text.length() > MAX_CHARACTERS) {
            throw new YamlException(
                    1, "the text has " + text.length() + " characters; at most " + MAX_CHARACTERS + " are allowed");
        }
        List<Document> documents = new ArrayList<>();
        try {
            int before = 0;
            for (Segment segment : Segment.of(text)) {
                BoundedParser parser = new BoundedParser(
                        new TextReader(segment.codePoints(), segment.line()), options(), maxNodes, before);
                Composer composer = new Composer(parser, new PlainScalars(), options());
                while (composer.checkNode()) {
                    Node root = composer.getNode();
                    YamlReader reader = new YamlReader((int) Math.min(maxNodes, text.length() + (long) MAX_REPEATED));
                    JsonNode tree = reader.tree(root, "");
                    if (!tree.isNull()) {
                        // Map.copyOf takes quadratic time for names whose hashes collide.
                        documents.add(new Document(tree, Collections.unmodifiableMap(reader.lines)));
                    }
                }
                before = parser.nodes();
            }
        } catch (BoundedParser.TooLargeException e) {
            throw new YamlException(e.line(), String.valueOf(e.getMessage()));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new YamlException(
                    Math.min(line, Segment.lineBreaks(text, 0, text.length()) + 1),
                    e.getContext() == null ? e.getProblem() : e.getContext() + ": " + e.getProblem());
        } catch (YAMLException e) {
            throw new YamlException(1, String.valueOf(e.getMessage()));
        }
        return documents;
    }

    public static LoaderOptions options() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setNestingDepthLimit(MAX_DEPTH);
        // MAX_NODES bounds what they come to; many manifests in one stream have many anchors.
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        options.setAllowDuplicateKeys(false);
        return options;
    }

    private JsonNode tree(Node node, String path) throws YamlException {
        if (++nodes > maxNodes) {
            throw new YamlException(
                    line(node), "the document has more than " + maxNodes + " values once its anchors are followed");
        }
        note(path, line(node));
        if (node instanceof ScalarNode scalar) {
            return PlainScalars.value(scalar);
        }
        open(node);
        JsonNode tree =
                switch (node) {
                    case MappingNode mapping -> object(mapping, path);
                    case SequenceNode sequence -> array(sequence, path);
                    default -> throw new YamlException(line(node), "an alias that points nowhere");
                };
        open.remove(node);
        return tree;
    }

    private void open(Node node) throws YamlException {
        if (!open.add(node)) {
            throw new YamlException(line(node), "an anchor that holds itself");
        }
        if (open.size() > MAX_DEPTH) {
            throw new YamlException(line(node), "the document is nested more than " + MAX_DEPTH + " deep");
        }
    }

    private ObjectNode object(MappingNode mapping, String path) throws YamlException {
        ObjectNode object = NODES.objectNode();
        for (Map.Entry<String, NodeTuple> field : fields(mapping, path).entrySet()) {
            String at = below(path, field.getKey());
            note(at, line(field.getValue().getKeyNode()));
            object.set(field.getKey(), tree(field.getValue().getValueNode(), at));
        }
        return object;
    }

    /**
     * The fields of a map and those that it merges. As for kubectl, a merge key takes precedence over what stands before it and not
     * over what stands after it (decode.go of goyaml.v2 in sigs.k8s.io/yaml).
     */
    private Map<String, NodeTuple> fields(MappingNode mapping, String path) throws YamlException {
        @Nullable Map<String, NodeTuple> known = fields.get(mapping);
        if (known != null) {
            return known;
        }
        Set<String> own = new HashSet<>();
        Map<String, NodeTuple> all = new LinkedHashMap<>();
        for (NodeTuple field : mapping.getValue()) {
            if (!(field.getKeyNode() instanceof ScalarNode key)) {
                throw new YamlException(line(field.getKeyNode()), "a field's name must be a plain text");
            }
            if (key.getTag().equals(Tag.MERGE)) {
                Map<String, NodeTuple> merging = new LinkedHashMap<>();
                merge(field.getValueNode(), path, merging);
                all.putAll(merging);
                continue;
            }
            String name = PlainScalars.fieldName(key);
            if (!own.add(name)) {
                throw new YamlException(line(key), "the field '" + below(path, shortened(name)) + "' stands twice");
            }
            all.put(name, field);
        }
        fields.put(mapping, all);
        return all;
    }

    /** Of a list of maps the first takes precedence. */
    private void merge(Node source, String path, Map<String, NodeTuple> into) throws YamlException {
        open(source);
        countMerged(source, 1);
        switch (source) {
            case MappingNode mapping -> {
                Map<String, NodeTuple> its = fields(mapping, path);
                countMerged(source, its.size());
                its.forEach(into::putIfAbsent);
            }
            case SequenceNode list -> {
                for (Node element : list.getValue()) {
                    merge(element, path, into);
                }
            }
            default -> throw new YamlException(line(source), "a merge key takes a map or a list of maps");
        }
        open.remove(source);
    }

    private void countMerged(Node source, int more) throws YamlException {
        merged += more;
        if (merged > maxNodes) {
            throw new YamlException(
                    line(source), "the merge keys of the document copy more than " + maxNodes + " fields");
        }
    }

    /** The line of a path; a field's is that of its name, which comes before its value. */
    private void note(String path, int line) {
        if (pathCharacters < MAX_PATHS && lines.putIfAbsent(path, line) == null) {
            pathCharacters += path.length();
        }
    }

    /** The path of a field; where it is too long, that of the map in which it stands. */
    private static String below(String path, String field) {
        return path.length() + field.length() >= MAX_PATH ? path : path.isEmpty() ? field : path + "." + field;
    }

    private ArrayNode array(SequenceNode sequence, String path) throws YamlException {
        ArrayNode array = NODES.arrayNode(sequence.getValue().size());
        for (Node element : sequence.getValue()) {
            array.add(tree(element, path.length() < MAX_PATH ? path + "[" + array.size() + "]" : path));
        }
        return array;
    }

    static String shortened(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
