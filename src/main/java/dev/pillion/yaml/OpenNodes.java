package dev.pillion.yaml;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;

/** The nodes around the node that is read. They show anchors that contain themselves and too much nesting. */
final class OpenNodes {

    private final int maxDepth;
    private final Set<Node> nodes = Collections.newSetFromMap(new IdentityHashMap<>());

    OpenNodes(int maxDepth) {
        this.maxDepth = maxDepth;
    }

    void enter(Node node) throws YamlException {
        if (!nodes.add(node)) {
            throw new YamlException(YamlReader.line(node), "an anchor that contains itself");
        }
        if (nodes.size() > maxDepth) {
            throw new YamlException(YamlReader.line(node), "the document is nested more than " + maxDepth + " deep");
        }
    }

    void leave(Node node) {
        nodes.remove(node);
    }
}
