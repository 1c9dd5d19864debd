package dev.pillion.yaml;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Finds the fields of maps, including those that merge keys copy. */
final class MappingFields {

    private final Map<MappingNode, Map<String, NodeTuple>> fields = new IdentityHashMap<>();

    /** The number of merged maps, lists and fields. They are counted here, because a map that is only merged is no value of the document. */
    private int merged;

    private final int maxNodes;
    private final OpenNodes open;

    MappingFields(int maxNodes, OpenNodes open) {
        this.maxNodes = maxNodes;
        this.open = open;
    }

    /**
     * The fields of a map, including merged ones. As in kubectl, a merge key takes precedence over the fields before it, and the fields after
     * it take precedence over the merge key (decode.go of goyaml.v2 in sigs.k8s.io/yaml).
     */
    Map<String, NodeTuple> of(MappingNode mapping, String path) throws YamlException {
        @Nullable Map<String, NodeTuple> known = fields.get(mapping);
        if (known != null) {
            return known;
        }
        Set<String> own = new HashSet<>();
        Map<String, NodeTuple> all = new LinkedHashMap<>();
        for (NodeTuple field : mapping.getValue()) {
            if (!(field.getKeyNode() instanceof ScalarNode key)) {
                throw new YamlException(YamlReader.line(field.getKeyNode()), "a field's name must be a plain text");
            }
            if (key.getTag().equals(Tag.MERGE)) {
                Map<String, NodeTuple> merging = new LinkedHashMap<>();
                merge(field.getValueNode(), path, merging);
                all.putAll(merging);
                continue;
            }
            String name = PlainScalars.fieldName(key);
            if (!own.add(name)) {
                throw new YamlException(
                        YamlReader.line(key),
                        "the field '" + PathLines.below(path, YamlReader.shortened(name)) + "' is defined twice");
            }
            all.put(name, field);
        }
        fields.put(mapping, all);
        return all;
    }

    /** In a list of maps, the first one takes precedence. */
    private void merge(Node source, String path, Map<String, NodeTuple> into) throws YamlException {
        open.enter(source);
        countMerged(source, 1);
        switch (source) {
            case MappingNode mapping -> {
                Map<String, NodeTuple> found = of(mapping, path);
                countMerged(source, found.size());
                found.forEach(into::putIfAbsent);
            }
            case SequenceNode list -> {
                for (Node element : list.getValue()) {
                    merge(element, path, into);
                }
            }
            default -> throw new YamlException(YamlReader.line(source), "a merge key takes a map or a list of maps");
        }
        open.leave(source);
    }

    private void countMerged(Node source, int more) throws YamlException {
        merged += more;
        if (merged > maxNodes) {
            throw new YamlException(
                    YamlReader.line(source), "the merge keys of the document copy more than " + maxNodes + " fields");
        }
    }
}
