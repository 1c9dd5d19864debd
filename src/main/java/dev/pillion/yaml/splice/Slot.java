package dev.pillion.yaml.splice;

import dev.pillion.yaml.splice.SourceNode.Child;
import dev.pillion.yaml.splice.SourceNode.Collection;
import dev.pillion.yaml.splice.SourceNode.Entry;

/**
 * The position of a node.
 *
 * @param gap the index after the colon, dash, comma or bracket before it
 * @param column of the key or the dash, in block style
 * @param flow whether it is in a flow collection
 * @param entry whether it is the value of a key
 */
record Slot(int gap, int column, boolean flow, boolean entry) {

    static Slot of(Lines lines, Child child, Collection parent) {
        int column = parent.flow() ? 0 : lines.column(child.start());
        return new Slot(child.gap(), column, parent.flow(), child instanceof Entry);
    }

    /** The position of a document's root. */
    static Slot root(SourceNode root) {
        return new Slot(root.start(), 0, true, false);
    }
}
