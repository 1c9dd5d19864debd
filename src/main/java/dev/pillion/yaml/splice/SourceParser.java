package dev.pillion.yaml.splice;

import dev.pillion.yaml.Segment;
import dev.pillion.yaml.TextReader;
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
import org.yaml.snakeyaml.scanner.Scanner;
import org.yaml.snakeyaml.scanner.ScannerImpl;
import org.yaml.snakeyaml.tokens.AliasToken;
import org.yaml.snakeyaml.tokens.AnchorToken;
import org.yaml.snakeyaml.tokens.ScalarToken;
import org.yaml.snakeyaml.tokens.TagToken;
import org.yaml.snakeyaml.tokens.Token;
import org.yaml.snakeyaml.tokens.Token.ID;

/** Finds where the nodes of a text stand. The text was read before, so it is known to be YAML and not to be nested too deeply. */
final class SourceParser {

    private final Lines lines;
    private final Scanner scanner;
    private final int[] offsets;
    private final Map<String, SourceNode> anchors = new HashMap<>();

    private SourceParser(Lines lines, Segment segment) {
        this.lines = lines;
        this.scanner = new ScannerImpl(new TextReader(segment.codePoints(), segment.line()), YamlReader.options());
        this.offsets = segment.offsets();
    }

    /** The root of each document, without the empty ones, as {@link YamlReader} has them. */
    static List<SourceNode> documents(Lines lines) throws UnsupportedTextException {
        List<SourceNode> roots = new ArrayList<>();
        for (Segment segment : Segment.of(lines.text())) {
            new SourceParser(lines, segment).stream(roots);
        }
        return roots;
    }

    private void stream(List<SourceNode> roots) throws UnsupportedTextException {
        next();
        int end = 0;
        while (!at(ID.StreamEnd)) {
            if (at(ID.Directive, ID.DocumentStart, ID.DocumentEnd)) {
                end = end(next());
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
        while (at(ID.Anchor, ID.Tag)) {
            Token token = next();
            start = start < 0 ? start(token) : start;
            end = end(token);
            if (token instanceof AnchorToken named) {
                anchor = named.getValue();
            } else if (token instanceof TagToken tagged) {
                String handle = tagged.getValue().getHandle();
                tag = (handle == null ? "" : handle) + tagged.getValue().getSuffix();
            }
        }
        if (start < 0 && !isMissing(indentless)) {
            start = start(scanner.peekToken());
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
        return !at(
                        ID.Alias,
                        ID.Scalar,
                        ID.FlowSequenceStart,
                        ID.FlowMappingStart,
                        ID.BlockSequenceStart,
                        ID.BlockMappingStart)
                && !(indentless && at(ID.BlockEntry));
    }

    private static SourceNode missing(int start, Properties properties) {
        return new SourceNode.Scalar(start, properties.end(), properties, ScalarStyle.PLAIN, "");
    }

    private SourceNode content(int start, Properties properties, boolean indentless) throws UnsupportedTextException {
        if (isMissing(indentless)) {
            return missing(start, properties);
        }
        if (at(ID.BlockEntry)) {
            return blockSequence(start, properties);
        }
        Token token = next();
        return switch (token) {
            case AliasToken alias -> alias(alias);
            case ScalarToken scalar ->
                new SourceNode.Scalar(start, scalarEnd(scalar), properties, scalar.getStyle(), scalar.getValue());
            default ->
                switch (token.getTokenId()) {
                    case FlowSequenceStart -> flowSequence(start, properties, end(token));
                    case FlowMappingStart -> flowMapping(start, properties, end(token));
                    case BlockSequenceStart -> {
                        SourceNode sequence = blockSequence(start, properties);
                        next();
                        yield sequence;
                    }
                    default -> {
                        SourceNode mapping = blockMapping(start, properties);
                        next();
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
        return new SourceNode.Alias(start(alias), end(alias), target, alias.getValue());
    }

    private SourceNode blockSequence(int start, Properties properties) throws UnsupportedTextException {
        List<Item> items = new ArrayList<>();
        int end = start;
        while (at(ID.BlockEntry)) {
            Token dash = next();
            Item item = new Item(start(dash), end(dash), node(end(dash), false), -1);
            items.add(item);
            end = item.end();
        }
        return new SourceNode.Sequence(start, end, properties, false, start, items);
    }

    private SourceNode blockMapping(int start, Properties properties) throws UnsupportedTextException {
        List<Entry> entries = new ArrayList<>();
        int end = start;
        while (at(ID.Key, ID.Value)) {
            Entry entry = entry(true, end);
            entries.add(entry);
            end = entry.end();
        }
        return new SourceNode.Mapping(start, end, properties, false, start, entries);
    }

    /** @param gap the start of the entry if it has neither a key nor a mark for one */
    private Entry entry(boolean block, int gap) throws UnsupportedTextException {
        int start = start(scanner.peekToken());
        int keyGap = gap;
        if (at(ID.Key)) {
            keyGap = end(next());
        }
        SourceNode key = at(ID.Value) ? missing(start, new Properties(null, null, start)) : node(keyGap, block);
        if (!at(ID.Value)) {
            return new Entry(
                    start,
                    key,
                    false,
                    key.end(),
                    missing(key.end(), new Properties(null, null, key.end())),
                    comma(block));
        }
        int colon = end(next());
        SourceNode value = node(colon, block);
        return new Entry(start, key, true, colon, value, comma(block));
    }

    /** Where the comma is that comes next. */
    private int comma(boolean block) {
        return !block && at(ID.FlowEntry) ? start(scanner.peekToken()) : -1;
    }

    private SourceNode flowMapping(int start, Properties properties, int open) throws UnsupportedTextException {
        List<Entry> entries = new ArrayList<>();
        int gap = open;
        while (!at(ID.FlowMappingEnd)) {
            if (at(ID.FlowEntry)) {
                gap = end(next());
            } else {
                entries.add(entry(false, gap));
            }
        }
        return new SourceNode.Mapping(start, end(next()), properties, true, open, entries);
    }

    private SourceNode flowSequence(int start, Properties properties, int open) throws UnsupportedTextException {
        List<Item> items = new ArrayList<>();
        int gap = open;
        while (!at(ID.FlowSequenceEnd)) {
            if (at(ID.FlowEntry)) {
                gap = end(next());
            } else {
                int itemStart = start(scanner.peekToken());
                items.add(new Item(itemStart, gap, at(ID.Key) ? pair(gap) : node(gap, false), comma(false)));
            }
        }
        return new SourceNode.Sequence(start, end(next()), properties, true, open, items);
    }

    /** A mapping of one entry that a flow sequence has without brackets. Nothing can be added to it. */
    private SourceNode pair(int gap) throws UnsupportedTextException {
        Entry entry = entry(true, gap);
        Properties none = new Properties(null, null, entry.start());
        return new SourceNode.Mapping(entry.start(), entry.end(), none, true, SourceNode.NO_BRACKET, List.of(entry));
    }

    /** A block scalar's token also has the blank lines after it, which only belong to it if its header keeps them. */
    private int scalarEnd(ScalarToken scalar) {
        int end = end(scalar);
        if (scalar.getStyle() != ScalarStyle.LITERAL && scalar.getStyle() != ScalarStyle.FOLDED) {
            return end;
        }
        int header = lines.end(start(scalar));
        if (header >= end) {
            return header;
        }
        int last = end == lines.start(end) ? lines.beforeBreak(end) : end;
        boolean keep = lines.text()
                .substring(start(scalar), header)
                .replaceFirst("\\s.*", "")
                .contains("+");
        int indent = keep ? 0 : indentation(header, last);
        while (!keep && last > header) {
            int lineStart = lines.start(last);
            if (!lines.isBlank(lineStart, last) || last - lineStart > indent) {
                return last;
            }
            last = lines.beforeBreak(lineStart);
        }
        return Math.max(header, last);
    }

    /** Of the first line that is not blank. */
    private int indentation(int header, int end) {
        for (int at = lines.afterBreak(header); at < end; at = lines.afterBreak(lines.end(at))) {
            int lineEnd = lines.end(at);
            if (!lines.isBlank(at, lineEnd)) {
                int first = at;
                while (lines.text().charAt(first) == ' ') {
                    first++;
                }
                return first - at;
            }
        }
        return 0;
    }

    private boolean at(ID... ids) {
        return scanner.checkToken(ids);
    }

    private Token next() {
        scanner.peekToken();
        return scanner.getToken();
    }

    private int start(Token token) {
        return offsets[token.getStartMark().getIndex()];
    }

    private int end(Token token) {
        return offsets[token.getEndMark().getIndex()];
    }
}
