package dev.pillion.yaml.splice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pillion.yaml.splice.SourceNode.Alias;
import dev.pillion.yaml.splice.SourceNode.Child;
import dev.pillion.yaml.splice.SourceNode.Collection;
import dev.pillion.yaml.splice.SourceNode.Entry;
import dev.pillion.yaml.splice.SourceNode.Mapping;
import dev.pillion.yaml.splice.SourceNode.Sequence;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields that a mapping gets from merge keys such as {@code <<: *base}. */
final class MergeKeys {

    private final Lines lines;
    private final Anchors anchors;
    private final Replacements replacements;

    MergeKeys(Lines lines, Anchors anchors, Replacements replacements) {
        this.lines = lines;
        this.anchors = anchors;
        this.replacements = replacements;
    }

    /** The mapping's own fields. */
    static Map<String, Entry> own(Mapping mapping) throws UnsupportedTextException {
        Map<String, Entry> own = new LinkedHashMap<>();
        for (Entry entry : mapping.children()) {
            if (!isMerge(entry)) {
                own.put(name(entry.key()), entry);
            }
        }
        return own;
    }

    /** Whether a field that overrides a merged one is no longer necessary. */
    static boolean isMergedAgain(Lines lines, Entry entry, JsonNode value, @Nullable JsonNode merged) {
        return Note.before(lines.text(), entry.gap(), entry.value())
                        .filter(note -> note.original().equals(Note.MERGED))
                        .isPresent()
                && Trees.same(value, merged);
    }

    /** The fields that merge keys provide after the change. An alias that would provide an unwanted field is replaced by its original value. */
    Map<String, JsonNode> provided(Mapping mapping, Map<String, Entry> own, JsonNode before, JsonNode after)
            throws UnsupportedTextException {
        Map<String, JsonNode> merged = new LinkedHashMap<>();
        for (Entry entry : mapping.children()) {
            if (!isMerge(entry)) {
                continue;
            }
            if (entry.value() instanceof Alias alias) {
                JsonNode provided = anchors.after(alias);
                if (!fits(provided, own, after)) {
                    provided = anchors.before(alias);
                    replacements.replace(alias, "*" + alias.name(), provided, Slot.of(lines, entry, mapping));
                }
                provided.properties().forEach(field -> merged.put(field.getKey(), field.getValue()));
                continue;
            }
            Optional<Note> note = Note.before(lines.text(), entry.gap(), entry.value())
                    .filter(Note::isAlias)
                    .filter(alias -> fits(anchors.after(alias.original()), own, after));
            if (note.isPresent()) {
                replacements.restore(entry.value(), note.get(), Slot.of(lines, entry, mapping));
                anchors.after(note.get().original())
                        .properties()
                        .forEach(field -> merged.put(field.getKey(), field.getValue()));
                continue;
            }
            inline(entry.value(), before, merged);
        }
        return merged;
    }

    private static boolean fits(JsonNode provided, Map<String, Entry> own, JsonNode after) {
        return provided.isObject()
                && provided.propertyStream()
                        .allMatch(field -> own.containsKey(field.getKey()) || after.has(field.getKey()));
    }

    /** Collects the fields of a merged mapping that is written in place. They do not change. */
    private void inline(SourceNode source, JsonNode before, Map<String, JsonNode> merged)
            throws UnsupportedTextException {
        switch (source) {
            case Alias alias ->
                anchors.after(alias).properties().forEach(field -> merged.put(field.getKey(), field.getValue()));
            case Mapping mapping -> {
                for (Entry entry : mapping.children()) {
                    if (isMerge(entry)) {
                        inline(entry.value(), before, merged);
                    } else if (before.has(name(entry.key()))) {
                        merged.put(name(entry.key()), before.get(name(entry.key())));
                    }
                }
            }
            case Sequence sequence -> {
                for (Child child : sequence.children().reversed()) {
                    inline(child.value(), before, merged);
                }
            }
            case SourceNode.Scalar scalar -> throw new UnsupportedTextException("a merge key with a scalar");
        }
    }

    static boolean isMerge(Entry entry) throws UnsupportedTextException {
        return entry.key() instanceof SourceNode.Scalar key && ScalarEdit.isMerge(key);
    }

    static String name(SourceNode key) throws UnsupportedTextException {
        return switch (key) {
            case SourceNode.Scalar scalar -> ScalarEdit.fieldName(scalar);
            case Alias alias -> name(alias.target());
            case Collection other -> throw new UnsupportedTextException("a collection as a key");
        };
    }
}
