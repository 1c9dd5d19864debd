package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.Document;
import dev.pillion.yaml.Segment;
import dev.pillion.yaml.YamlException;
import dev.pillion.yaml.YamlReader;
import dev.pillion.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Changes documents in their text. All other text stays unchanged: comments, quotes, order, layout, line breaks and other documents.
 */
public final class TextSplicer {

    private final String text;
    private final Lines lines;
    private final List<Document> documents;
    private final Map<Integer, JsonNode> changed;

    private TextSplicer(String text, List<Document> documents, Map<Integer, JsonNode> changed) {
        this.text = text;
        this.lines = new Lines(text);
        this.documents = documents;
        this.changed = changed;
    }

    /**
     * The text with its changes.
     *
     * @param reprinted the documents that were printed again without their comments, by index, with the form that cannot be changed in place
     */
    public record Spliced(String text, Map<Integer, String> reprinted) {}

    /**
     * Changes documents.
     *
     * @param text the original text
     * @param documents of the text, as {@link YamlReader} reads them
     * @param changed the new trees of changed documents, by index
     */
    public static Spliced splice(String text, List<Document> documents, Map<Integer, JsonNode> changed) {
        return changed.isEmpty() ? new Spliced(text, Map.of()) : new TextSplicer(text, documents, changed).splice();
    }

    /** Reads the result again. A document without the expected tree is printed again, so that no wrong document is written. */
    private Spliced splice() {
        try {
            List<SourceNode> roots = SourceParser.documents(lines);
            Map<Integer, String> reprinted = new TreeMap<>();
            String spliced = spliced(roots, reprinted);
            Set<Integer> wrong = wrong(spliced);
            if (!wrong.isEmpty()) {
                wrong.forEach(index -> reprinted.put(index, "an unusual layout"));
                spliced = spliced(roots, reprinted);
            }
            if (wrong(spliced).isEmpty()) {
                return new Spliced(spliced, reprinted);
            }
        } catch (UnsupportedTextException e) {
            // All documents are printed again.
        }
        return new Spliced(
                expected().values().stream().map(YamlWriter::yaml).collect(Collectors.joining("---\n")),
                expected().keySet().stream().collect(Collectors.toMap(index -> index, index -> "an unusual layout")));
    }

    private Map<Integer, JsonNode> expected() {
        Map<Integer, JsonNode> expected = new TreeMap<>(changed);
        for (int index = 0; index < documents.size(); index++) {
            expected.putIfAbsent(index, documents.get(index).tree());
        }
        return expected;
    }

    /** @param reprinted the documents that are printed again; documents that cannot be changed in place are added */
    private String spliced(List<SourceNode> roots, Map<Integer, String> reprinted) throws UnsupportedTextException {
        List<TextEdit> edits = new ArrayList<>();
        for (Map.Entry<Integer, JsonNode> change : changed.entrySet()) {
            int index = change.getKey();
            SourceNode root = roots.get(index);
            boolean json = Segment.isJson(text.substring(root.start(), root.end()));
            if (!reprinted.containsKey(index)) {
                try {
                    edits.addAll(inPlace(index, root, json, change.getValue()));
                } catch (UnsupportedTextException e) {
                    reprinted.put(index, String.valueOf(e.getMessage()));
                }
            }
            if (reprinted.containsKey(index)) {
                edits.add(reprint(root, json, change.getValue()));
            }
        }
        return TextEdit.apply(text, edits);
    }

    private List<TextEdit> inPlace(int index, SourceNode root, boolean json, JsonNode after)
            throws UnsupportedTextException {
        List<TextEdit> edits =
                DocumentEdits.of(lines, root, json, documents.get(index).tree(), after);
        TextEdit.check(edits);
        return edits;
    }

    private TextEdit reprint(SourceNode root, boolean json, JsonNode after) {
        String lineBreak = lines.lineBreak(root.end());
        String printed = (json ? YamlWriter.json(after) : YamlWriter.yaml(after)).stripTrailing();
        boolean startsLine = lines.isBlank(lines.start(root.start()), root.start());
        int start = startsLine ? lines.start(root.start()) : root.start();
        boolean mark = startsLine && text.startsWith("\ufeff", start);
        int end = json ? root.end() : lines.end(root.end());
        return new TextEdit(
                mark ? start + 1 : start, end, (startsLine ? "" : lineBreak) + printed.replace("\n", lineBreak));
    }

    /** The changed documents without the expected tree; all changed documents if another document is different. */
    private Set<Integer> wrong(String spliced) {
        try {
            List<Document> read = YamlReader.read(spliced);
            Set<Integer> wrong = new TreeSet<>();
            expected().forEach((index, tree) -> {
                if (index >= read.size() || !Trees.same(tree, read.get(index).tree())) {
                    wrong.add(index);
                }
            });
            return read.size() == documents.size() && changed.keySet().containsAll(wrong) ? wrong : changed.keySet();
        } catch (YamlException e) {
            return changed.keySet();
        }
    }
}
