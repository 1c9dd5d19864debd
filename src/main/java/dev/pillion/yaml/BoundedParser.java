package dev.pillion.yaml;

import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ImplicitTuple;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** Stops at a limit, before SnakeYAML has built the whole tree. */
final class BoundedParser extends ParserImpl {

    /** The maximum length of the prefix in a {@code %TAG} directive: it is repeated for each value with the tag. */
    private static final int MAX_TAG_PREFIX = 200;

    private final int maxNodes;
    private int nodes;

    /** @param nodes the number of nodes that were read before from the same text */
    BoundedParser(StreamReader reader, LoaderOptions options, int maxNodes, int nodes) {
        super(reader, options);
        this.maxNodes = maxNodes;
        this.nodes = nodes;
    }

    /** The number of nodes that were read so far. */
    int nodes() {
        return nodes;
    }

    @Override
    public Event getEvent() {
        Event event = super.getEvent();
        if (event instanceof DocumentStartEvent start) {
            checkTags(start);
        }
        boolean node =
                switch (event.getEventId()) {
                    case Scalar, Alias, MappingStart, SequenceStart -> true;
                    default -> false;
                };
        if (node && ++nodes > maxNodes) {
            throw new TooLargeException(
                    event.getStartMark().getLine() + 1,
                    "there are more than " + maxNodes + " maps, lists and values, which is the limit");
        }
        return event instanceof ScalarEvent scalar && "!".equals(scalar.getTag()) ? text(scalar) : event;
    }

    private static void checkTags(DocumentStartEvent start) {
        Map<String, String> tags = start.getTags();
        if (tags != null && tags.values().stream().anyMatch(prefix -> prefix.length() > MAX_TAG_PREFIX)) {
            throw new TooLargeException(
                    start.getStartMark().getLine() + 1,
                    "a %TAG directive has more than " + MAX_TAG_PREFIX + " characters, which is the limit");
        }
    }

    /** A scalar with the tag {@code !} is a string, as in kubectl. SnakeYAML would resolve it like one without a tag. */
    private static ScalarEvent text(ScalarEvent scalar) {
        return new ScalarEvent(
                scalar.getAnchor(),
                Tag.STR.getValue(),
                new ImplicitTuple(false, false),
                scalar.getValue(),
                scalar.getStartMark(),
                scalar.getEndMark(),
                scalar.getScalarStyle());
    }

    /** Ends the reading of a text that is too large. */
    static final class TooLargeException extends YAMLException {

        private static final long serialVersionUID = 1;

        private final int line;

        TooLargeException(int line, String message) {
            super(message);
            this.line = line;
        }

        int line() {
            return line;
        }
    }
}
