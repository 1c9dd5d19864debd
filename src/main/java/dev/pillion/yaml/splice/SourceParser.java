package dev.pillion.yaml.splice;

import dev.pillion.yaml.Segment;
import dev.pillion.yaml.YamlReader;
import dev.pillion.yaml.splice.SourceNode.Entry;
import dev.pillion.yaml.splice.SourceNode.Item;
import dev.pillion.yaml.splice.SourceNode.Properties;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.tokens.AliasToken;
import org.yaml.snakeyaml.tokens.AnchorToken;
import org.yaml.snakeyaml.tokens.ScalarToken;
import org.yaml.snakeyaml.tokens.TagToken;
import org.yaml.snakeyaml.tokens.Token;
import org.yaml.snakeyaml.tokens.Token.ID;

/**
 * Finds the positions of the nodes of a text. The text was read before, so it is valid YAML and not nested too deeply.
 *
 * <p>This class has more than 200 lines, because the forms of YAML contain each other: there is one short method for each form.
 */
final class SourceParser {

    private final BlockScalars blockScalars;
    private final Tokens tokens;
    private final Map<String, SourceNode> anchors = new HashMap<>();

    private SourceParser(Lines lines, Segment segment) {
        this.blockScalars = new BlockScalars(lines);
        this.tokens = new Tokens(segment);
    }

    /** The roots of all documents except empty ones, as {@link YamlReader} reads them. */
    static List<SourceNode> documents(Lines lines) throws UnsupportedTextException {
        List<SourceNode> roots = new ArrayList<>();
        for (Segment segment : Segment.of(lines.text())) {
            new SourceParser(lines, segment).stream(roots);
        }
        return roots;
    }

    private void stream(List<SourceNode> roots) throws UnsupportedTextException {
        tokens.next();
        int end = 0;
        while (!tokens.at(ID.StreamEnd)) {
            if (tokens.at(ID.Directive, ID.DocumentStart, ID.DocumentEnd)) {
                end = tokens.end(tokens.next());
                continue;
            }
            anchors.clear();
            SourceNode root = node(end, false);
            if (!(root instanceof SourceNode.Scalar scalar && ScalarEdit.isNull(scalar))) {
                roots.add(root);
            }
        }
    }

    private SourceNode node(int gap, boolean indentless) throws UnsupportedTextException {
        @Nullable String anchor = null;
        @Nullable String tag = null;
        int start = -1;
        int end = -1;
        while (tokens.at(ID.Anchor, ID.Tag)) {
            Token token = tokens.next();
            start = start < 0 ? tokens.start(token) : start;
            end = tokens.end(token);
            if (token instanceof AnchorToken named) {
                anchor = named.getValue();
            } else if (token instanceof TagToken tagged) {
                String handle = tagged.getValue().getHandle();
                tag = (handle == null ? "" : handle) + tagged.getValue().getSuffix();
            }
        }
        if (start < 0 && !isMissing(indentless)) {
            start = tokens.startOfNext();
            end = start;
        }
        SourceNode node = start < 0
                ? missing(gap, new Properties(null, null, gap))
                : content(start, new Properties(anchor, tag, end), indentless);
        if (anchor != null) {
            anchors.put(anchor, node);
        }
        return node;
    }

    private boolean isMissing(boolean indentless) {
        return !tokens.at(
                        ID.Alias,
                        ID.Scalar,
                        ID.FlowSequenceStart,
                        ID.FlowMappingStart,
                        ID.BlockSequenceStart,
                        ID.BlockMappingStart)
                && !(indentless && tokens.at(ID.BlockEntry));
    }

    private static SourceNode missing(int start, Properties properties) {
        return new SourceNode.Scalar(start, properties.end(), properties, ScalarStyle.PLAIN, "");
    }

    private SourceNode content(int start, Properties properties, boolean indentless) throws UnsupportedTextException {
        if (isMissing(indentless)) {
            return missing(start, properties);
        }
        if (tokens.at(ID.BlockEntry)) {
            return blockSequence(start, properties);
        }
        Token token = tokens.next();
        return switch (token) {
            case AliasToken alias -> alias(alias);
            case ScalarToken scalar ->
                new SourceNode.Scalar(
                        start,
                        blockScalars.end(scalar, tokens.start(scalar), tokens.end(scalar)),
                        properties,
                        scalar.getStyle(),
                        scalar.getValue());
            default ->
                switch (token.getTokenId()) {
                    case FlowSequenceStart -> flowSequence(start, properties, tokens.end(token));
                    case FlowMappingStart -> flowMapping(start, properties, tokens.end(token));
                    case BlockSequenceStart -> {
                        SourceNode sequence = blockSequence(start, properties);
                        tokens.next();
                        yield sequence;
                    }
                    default -> {
                        SourceNode mapping = blockMapping(start, properties);
                        tokens.next();
                        yield mapping;
                    }
                };
        };
    }

    private SourceNode alias(AliasToken alias) throws UnsupportedTextException {
        @Nullable SourceNode target = anchors.get(alias.getValue());
        if (target == null) {
            throw new UnsupportedTextException("an alias within its own anchor");
        }
        return new SourceNode.Alias(tokens.start(alias), tokens.end(alias), target, alias.getValue());
    }

    private SourceNode blockSequence(int start, Properties properties) throws UnsupportedTextException {
        List<Item> items = new ArrayList<>();
        int end = start;
        while (tokens.at(ID.BlockEntry)) {
            Token dash = tokens.next();
            Item item = new Item(tokens.start(dash), tokens.end(dash), node(tokens.end(dash), false), -1);
            items.add(item);
            end = item.end();
        }
        return new SourceNode.Sequence(start, end, properties, false, start, items);
    }

    private SourceNode blockMapping(int start, Properties properties) throws UnsupportedTextException {
        List<Entry> entries = new ArrayList<>();
        int end = start;
        while (tokens.at(ID.Key, ID.Value)) {
            Entry entry = entry(true, end);
            entries.add(entry);
            end = entry.end();
        }
        return new SourceNode.Mapping(start, end, properties, false, start, entries);
    }

    /** @param gap the start of the entry if it has neither a key nor a question mark */
    private Entry entry(boolean block, int gap) throws UnsupportedTextException {
        int start = tokens.startOfNext();
        int keyGap = gap;
        if (tokens.at(ID.Key)) {
            keyGap = tokens.end(tokens.next());
        }
        SourceNode key = tokens.at(ID.Value) ? missing(start, new Properties(null, null, start)) : node(keyGap, block);
        if (!tokens.at(ID.Value)) {
            return new Entry(
                    start,
                    key,
                    false,
                    key.end(),
                    missing(key.end(), new Properties(null, null, key.end())),
                    comma(block));
        }
        int colon = tokens.end(tokens.next());
        SourceNode value = node(colon, block);
        return new Entry(start, key, true, colon, value, comma(block));
    }

    /** The position of the comma that comes next; -1 if there is none. */
    private int comma(boolean block) {
        return !block && tokens.at(ID.FlowEntry) ? tokens.startOfNext() : -1;
    }

    private SourceNode flowMapping(int start, Properties properties, int open) throws UnsupportedTextException {
        List<Entry> entries = new ArrayList<>();
        int gap = open;
        while (!tokens.at(ID.FlowMappingEnd)) {
            if (tokens.at(ID.FlowEntry)) {
                gap = tokens.end(tokens.next());
            } else {
                entries.add(entry(false, gap));
            }
        }
        return new SourceNode.Mapping(start, tokens.end(tokens.next()), properties, true, open, entries);
    }

    private SourceNode flowSequence(int start, Properties properties, int open) throws UnsupportedTextException {
        List<Item> items = new ArrayList<>();
        int gap = open;
        while (!tokens.at(ID.FlowSequenceEnd)) {
            if (tokens.at(ID.FlowEntry)) {
                gap = tokens.end(tokens.next());
            } else {
                int itemStart = tokens.startOfNext();
                items.add(new Item(itemStart, gap, tokens.at(ID.Key) ? pair(gap) : node(gap, false), comma(false)));
            }
        }
        return new SourceNode.Sequence(start, tokens.end(tokens.next()), properties, true, open, items);
    }

    /** A mapping of one entry without brackets in a flow sequence. Nothing can be added to it. */
    private SourceNode pair(int gap) throws UnsupportedTextException {
        Entry entry = entry(true, gap);
        Properties none = new Properties(null, null, entry.start());
        return new SourceNode.Mapping(entry.start(), entry.end(), none, true, SourceNode.NO_BRACKET, List.of(entry));
    }
}
