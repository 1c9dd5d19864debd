package dev.pillion.yaml.splice;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;

/**
 * A node in the text of a document. All positions are indices in the original text.
 *
 * <p>A node starts at its anchor or tag, if it has one, and ends after its last character. A block collection ends with its last child.
 */
sealed interface SourceNode {

    /** The position after the bracket for a flow collection without brackets. */
    int NO_BRACKET = -1;

    int start();

    int end();

    /** Anchor and tag. */
    Properties properties();

    /**
     * The anchor and the tag before a node.
     *
     * @param end the index after the last of them; the node's start if there are none
     */
    record Properties(@Nullable String anchor, @Nullable String tag, int end) {

        boolean isEmpty() {
            return anchor == null && tag == null;
        }
    }

    /** A scalar. A missing value is an empty scalar. */
    record Scalar(int start, int end, Properties properties, ScalarStyle style, String value) implements SourceNode {

        boolean isMissing() {
            return start == end;
        }

        boolean isBlock() {
            return style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED;
        }
    }

    /** @param target the node with the anchor */
    record Alias(int start, int end, SourceNode target, String name) implements SourceNode {

        @Override
        public Properties properties() {
            return new Properties(null, null, start);
        }
    }

    /** A mapping or a sequence. */
    sealed interface Collection extends SourceNode {

        boolean flow();

        /** The index after the bracket of a flow collection. */
        int open();

        List<? extends Child> children();
    }

    /** One entry of a collection. */
    sealed interface Child {

        /** The start of the entry: of its key, its {@code ?}, its dash, or its value in a flow sequence. */
        int start();

        /** The index after its colon, its dash, or the comma or bracket before it. Only blanks and comments are between this index and its value. */
        int gap();

        SourceNode value();

        /** The index of the comma after it; -1 if there is none. */
        int comma();

        default int end() {
            return Math.max(gap(), value().end());
        }
    }

    record Mapping(int start, int end, Properties properties, boolean flow, int open, List<Entry> children)
            implements Collection {}

    record Sequence(int start, int end, Properties properties, boolean flow, int open, List<Item> children)
            implements Collection {}

    /** @param hasColon whether the key has a colon, without which the value is missing */
    record Entry(int start, SourceNode key, boolean hasColon, int gap, SourceNode value, int comma) implements Child {}

    record Item(int start, int gap, SourceNode value, int comma) implements Child {}
}
