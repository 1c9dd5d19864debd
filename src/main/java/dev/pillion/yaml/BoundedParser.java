package dev.pillion.yaml;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** Stops when there is more than is wanted, before SnakeYAML has made a tree of all of it. */
final class BoundedParser extends ParserImpl {

    private final int maxNodes;
    private int nodes;

    BoundedParser(StreamReader reader, LoaderOptions options, int maxNodes) {
        super(reader, options);
        this.maxNodes = maxNodes;
    }

    @Override
    public Event getEvent() {
        Event event = super.getEvent();
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
        return event;
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
