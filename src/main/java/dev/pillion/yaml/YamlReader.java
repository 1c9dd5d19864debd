package dev.pillion.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads YAML and JSON into trees. */
public final class YamlReader {

    /** Anchors can make a small text large: a document can have this many more values than characters after its anchors are resolved. */
    private static final int MAX_REPEATED = 100_000;

    private static final int MAX_CHARACTERS = 64 * 1024 * 1024;
    private static final int MAX_DEPTH = 100;
    private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

    private final int maxNodes;
    private final PathLines lines = new PathLines();
    private final OpenNodes open = new OpenNodes(MAX_DEPTH);
    private final MappingFields fields;
    private int nodes;

    private YamlReader(int maxNodes) {
        this.maxNodes = maxNodes;
        this.fields = new MappingFields(maxNodes, open);
    }

    /**
     * Reads all documents of a stream except empty ones.
     *
     * @throws YamlException with the line, if the text is not YAML, has a field twice, or becomes too large by its anchors
     */
    public static List<Document> read(String text) throws YamlException {
        return read(text, Integer.MAX_VALUE);
    }

    /**
     * Reads all documents of a stream except empty ones.
     *
     * @param maxNodes the maximum number of maps, lists and scalars in the stream
     * @throws YamlException with the line, if the text is not YAML, has a field twice, or is too large
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
                        documents.add(new Document(tree, reader.lines.all()));
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
        // The number of nodes is limited instead: many manifests in one stream have many anchors.
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        options.setAllowDuplicateKeys(false);
        return options;
    }

    private JsonNode tree(Node node, String path) throws YamlException {
        if (++nodes > maxNodes) {
            throw new YamlException(
                    line(node), "the document has more than " + maxNodes + " values after its anchors are resolved");
        }
        lines.note(path, line(node));
        if (node instanceof ScalarNode scalar) {
            return PlainScalars.value(scalar);
        }
        open.enter(node);
        JsonNode tree =
                switch (node) {
                    case MappingNode mapping -> object(mapping, path);
                    case SequenceNode sequence -> array(sequence, path);
                    default -> throw new YamlException(line(node), "an alias without an anchor");
                };
        open.leave(node);
        return tree;
    }

    private ObjectNode object(MappingNode mapping, String path) throws YamlException {
        ObjectNode object = NODES.objectNode();
        for (Map.Entry<String, NodeTuple> field : fields.of(mapping, path).entrySet()) {
            String at = PathLines.below(path, field.getKey());
            lines.note(at, line(field.getValue().getKeyNode()));
            object.set(field.getKey(), tree(field.getValue().getValueNode(), at));
        }
        return object;
    }

    private ArrayNode array(SequenceNode sequence, String path) throws YamlException {
        ArrayNode array = NODES.arrayNode(sequence.getValue().size());
        for (Node element : sequence.getValue()) {
            array.add(tree(element, PathLines.below(path, array.size())));
        }
        return array;
    }

    static String shortened(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
