package dev.pillion.injection.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pillion.injection.plan.DistinctValues;
import dev.pillion.injection.plan.SpecValue;
import dev.pillion.injection.plan.StatusBuilder;
import dev.pillion.patch.Pointer;
import java.util.List;
import java.util.Set;

/** Sets fields of the Pod's spec and records the additions to the spec in the status. */
record PodSpecStatus(PodEdit edit) {

    /** Sets a field and records its value and the value before. */
    void put(Pointer pointer, JsonNode value) {
        List<String> steps = pointer.steps();
        JsonNode before = pointer.in(edit.pod().tree());
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        record.set("value", SpecValue.of(value));
        if (!before.isMissingNode()) {
            record.set("before", before);
        }
        edit.patch().put(new Pointer(steps.subList(0, steps.size() - 1)), steps.getLast(), value);
        edit.status().podFields.put(pointer.toString(), record);
    }

    /** Records an element that is added to a list. */
    void list(Pointer list, JsonNode value) {
        StatusBuilder.list(edit.status().podElements, list.toString(), value);
    }

    /** The elements of a list that an earlier pass added. */
    DistinctValues earlierElements(Pointer list) {
        return DistinctValues.of(edit.earlier().podElements().getOrDefault(list.toString(), Set.of()));
    }

    /** Takes over the record of a field that an earlier pass set. */
    void keepListed(Pointer pointer, JsonNode present) {
        JsonNode record = edit.earlier().podFields().get(pointer.toString());
        if (record != null && SpecValue.same(record.path("value"), present)) {
            edit.status().podFields.put(pointer.toString(), record);
        }
    }

    /** Takes over the record of a field that the API server computes from another one. */
    void keepDerivedListed(Pointer from, Pointer derived) {
        JsonNode record = edit.earlier().podFields().get(derived.toString());
        if (record != null && edit.status().podFields.containsKey(from.toString())) {
            edit.status().podFields.put(derived.toString(), record);
        }
    }
}
